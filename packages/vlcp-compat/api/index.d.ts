// The API of @redlane/vlcp-compat, written by "pnpm api:update".
import { Caller } from '@redlane/client';
import { ClientOptions } from '@redlane/client';
import { ClientStatus } from '@redlane/client';
import { CommandArgument } from '@redlane/client';
import { Connection } from '@redlane/client';
import { Delivery } from '@redlane/client';
import { Gap } from '@redlane/client';
import { Phase } from '@redlane/client';
import { RedisClient as RedisClient$1 } from '@redlane/client';
import { RespValue } from '@redlane/client';
import { Session } from '@redlane/client';
import { Topic } from '@redlane/client';
import { TopicKind } from '@redlane/client';
type AnyMatcher = SubscriptionMatcher<unknown>;
type BatchCall = Call<RedisCommand, BatchOptions> | ListCall<RedisCommand, BatchOptions>;
interface BatchOptions extends CommandOptions {
    readonly raiseFirstException?: boolean | undefined;
}
type BatchReplies = (RespValue | RedisReplyException)[];
type BytesCall = [
    ...keys: Key[],
    options: BytesMatcherOptions
] | [
    container: RoutineContainer,
    ...keys: Key[],
    options: BytesMatcherOptions
];
interface BytesMatcherOptions extends MatcherOptions {
    readonly replies: 'bytes';
}
type Call<T, Options = CommandOptions> = [
    ...args: T[]
] | [
    ...args: T[],
    options: Options
] | [
    container: RoutineContainer,
    ...args: T[]
] | [
    container: RoutineContainer,
    ...args: T[],
    options: Options
];
type CommandCall = Call<CommandArgument> | ListCall<CommandArgument>;
interface CommandOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
interface ConnectionObject extends AsyncDisposable {
    start(): void;
    shutdown(options?: ShutdownOptions): Promise<void>;
}
type ContextCall = [
    options?: ContextOptions
] | [
    container: RoutineContainer,
    options?: ContextOptions
];
interface ContextOptions {
    readonly release?: boolean | undefined;
    readonly lockconn?: boolean | undefined;
}
type ContextTask<C extends RedisClientBase, T> = (context: RedisContext<C>) => Promise<T> | T;
declare const DEFAULTS: RedisClientConfiguration;
type Executed<T> = readonly [
    timedOut: true,
    result: undefined
] | readonly [
    timedOut: false,
    result: T
];
interface FailureDetails extends Partial<Delivery> {
    readonly cause?: unknown;
}
type Key = string | Uint8Array;
interface Line {
    readonly current: OpenLine | undefined;
    readonly exclusive: boolean;
    readonly ending: AbortSignal;
    open(wait: LineWait): Promise<OpenLine>;
    release(): Promise<void>;
    close(force: boolean): Promise<void>;
}
interface LineWait {
    readonly signal: AbortSignal | undefined;
    readonly timeoutMs: number;
}
type ListCall<T, Options = CommandOptions> = [
    list: readonly T[],
    options?: Options
] | [
    container: RoutineContainer,
    list: readonly T[],
    options?: Options
];
declare class MatchedEvents<E> implements AsyncIterableIterator<E> {
    #private;
    static of<S, E>(source: AsyncIterator<S, unknown>, match: (item: S) => E | undefined, onEnd: () => void): MatchedEvents<E>;
    private constructor();
    next(): Promise<IteratorResult<E, undefined>>;
    return(): Promise<IteratorResult<E, undefined>>;
    [Symbol.asyncIterator](): this;
}
declare abstract class Matcher<E> implements PromiseLike<E>, AsyncIterable<E>, AsyncDisposable {
    protected abstract readonly what: string;
    abstract [Symbol.asyncIterator](): MatchedEvents<E>;
    abstract [Symbol.asyncDispose](): Promise<void>;
    protected abstract ending(): Error;
    wait({ signal, timeoutMs }?: WaitOptions): Promise<E>;
    then<A = E, B = never>(onEvent?: ((event: E) => A | PromiseLike<A>) | null, onEnd?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
}
interface MatcherOptions {
    readonly signal?: AbortSignal | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
}
interface OpenLine {
    readonly connection: Connection;
    readonly caller: Caller;
    readonly pinned: Caller;
}
declare class RedisClient extends RedisClientBase {
    #private;
    url: string;
    db: number | undefined;
    key: string | undefined;
    certificate: string | undefined;
    caCerts: string | undefined;
    constructor(url?: string | null, db?: number | null, protocol?: RedisProtocol | null);
    constructor(options: RedisClientOptions);
    executeCommand<T = RespValue>(...call: CommandCall): Promise<T>;
    batchExecute(...call: BatchCall): Promise<BatchReplies>;
    getConnection(...call: Call<never>): Promise<RedisClientBase>;
    subscribe(...call: BytesCall): Promise<SubscriptionMatcher<Uint8Array>[]>;
    subscribe(...call: Call<Key, MatcherOptions>): Promise<SubscriptionMatcher[]>;
    psubscribe(...call: BytesCall): Promise<SubscriptionMatcher<Uint8Array>[]>;
    psubscribe(...call: Call<Key, MatcherOptions>): Promise<SubscriptionMatcher[]>;
    unsubscribe(...call: Call<Key>): Promise<void>;
    punsubscribe(...call: Call<Key>): Promise<void>;
    subscribeStateMatcher(...call: Call<boolean>): StateMatcher;
    onGap(listener: (gap: Gap) => unknown): Disposable;
    makeConnobj(..._call: Call<never>): ConnectionObject;
    release(..._call: Call<never>): Promise<void>;
    shutdown(...call: Call<never, ShutdownOptions>): Promise<void>;
    exclusiveLine(): Line;
    protected line(): Line;
}
declare class RedisClientBase extends RedisCommands implements AsyncDisposable {
    #private;
    timeoutMs: number;
    commandTimeoutMs: number;
    readonly protocol: RedisProtocol | undefined;
    constructor(conn?: Session | null, parent?: RedisClient | null, protocol?: RedisProtocol | null);
    executeCommand<T = RespValue>(...call: CommandCall): Promise<T>;
    batchExecute(...call: BatchCall): Promise<BatchReplies>;
    context(...call: ContextCall): RedisContext<this>;
    context<T>(...call: [
        ...call: ContextCall,
        task: ContextTask<RedisClientBase, T>
    ]): Promise<T>;
    release(..._call: Call<never>): Promise<void>;
    shutdown(...call: Call<never, ShutdownOptions>): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    protected line(): Line;
    connect({ signal }: CommandOptions): Promise<this>;
}
interface RedisClientConfiguration {
    readonly url: string;
    readonly db: number | undefined;
    readonly timeoutMs: number;
    readonly commandTimeoutMs: number;
    readonly key: string | undefined;
    readonly certificate: string | undefined;
    readonly caCerts: string | undefined;
    readonly maxConnections: number;
    readonly idleTimeoutMs: number;
    readonly username: string | undefined;
    readonly password: string | undefined;
}
type RedisClientOptions = {
    readonly [Name in keyof RedisClientConfiguration]?: RedisClientConfiguration[Name] | undefined;
} & {
    readonly protocol?: RedisProtocol | undefined;
};
declare class RedisClientShutdown extends Error implements Delivery {
    readonly name: string;
    readonly code = "SHUTDOWN";
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    constructor({ maybeExecuted, phase, cause }?: FailureDetails);
}
type RedisCommand = readonly CommandArgument[];
declare abstract class RedisCommands {
    abstract executeCommand<T = RespValue>(...call: CommandCall): Promise<T>;
    abstract batchExecute(...call: BatchCall): Promise<BatchReplies>;
    registerScript(...call: Call<string | Uint8Array>): Promise<RegisteredScript>;
    evalRegistered<T = RespValue>(...call: [
        script: RegisteredScript,
        ...rest: Call<CommandArgument>
    ] | [
        container: RoutineContainer,
        script: RegisteredScript,
        ...rest: Call<CommandArgument>
    ]): Promise<T>;
    ensureRegistered(...call: ScriptsCall): Promise<string[]>;
    ensureRegisterd(...call: ScriptsCall): Promise<string[]>;
}
declare class RedisConnectionDown extends Error implements Delivery {
    readonly name: string;
    readonly code: 'CONNECTION_DOWN' | 'CONNECTION_RESTARTED';
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    constructor(message: string, { maybeExecuted, phase, cause }?: FailureDetails);
}
declare class RedisConnectionRestarted extends RedisConnectionDown {
    readonly name: string;
    readonly code = "CONNECTION_RESTARTED";
}
declare class RedisContext<C extends RedisClientBase = RedisClientBase> extends RedisCommands implements AsyncDisposable {
    #private;
    readonly connection: C;
    constructor(connection: C, leave: () => Promise<void>);
    executeCommand<T = RespValue>(...call: CommandCall): Promise<T>;
    batchExecute(...call: BatchCall): Promise<BatchReplies>;
    [Symbol.asyncDispose](): Promise<void>;
}
type RedisProtocol = ClientOptions | RedisClient$1;
declare class RedisProtocolException extends Error implements Delivery {
    readonly name: string;
    readonly code: 'INVALID_COMMAND' | 'COMMAND_REFUSED';
    readonly maybeExecuted = false;
    readonly phase = "refused";
    constructor(code: 'INVALID_COMMAND' | 'COMMAND_REFUSED', message: string);
}
declare class RedisReplyException extends Error implements Delivery {
    readonly name: string;
    readonly subtype: string;
    readonly describe: string;
    readonly command: string | undefined;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    constructor(message: string, details?: FailureDetails & {
        readonly command?: string | undefined;
    });
    get code(): string;
}
declare class RedisSubscriptionEnded extends Error {
    readonly name: string;
    readonly code = "SUBSCRIPTION_ENDED";
    constructor(name: string);
}
type RegisteredScript = readonly [
    sha1: string | null,
    script: string | Uint8Array
];
interface Routine<T> extends Promise<T> {
    readonly container: RoutineContainer;
    terminate(): void;
}
declare class RoutineContainer implements AsyncDisposable {
    #private;
    constructor({ signal, }?: {
        readonly signal?: AbortSignal | undefined;
    });
    get signal(): AbortSignal;
    subroutine<T>(routine: (container: RoutineContainer) => Promise<T> | T): Routine<T>;
    wait<E>(matcher: Matcher<E>): Promise<E>;
    waitWithTimeout<E>(timeout: number | undefined, ...matchers: readonly Matcher<E>[]): Promise<Waited<E>>;
    executeWithTimeout<T>(timeout: number | undefined, routine: (container: RoutineContainer) => Promise<T> | T): Promise<Executed<T>>;
    terminate(routine?: Routine<unknown>): void;
    [Symbol.asyncDispose](): Promise<void>;
}
type ScriptsCall = Call<RegisteredScript> | ListCall<RegisteredScript>;
interface ShutdownOptions {
    readonly force?: boolean | undefined;
}
declare class StateMatcher extends Matcher<SubscribeStateEvent> {
    #private;
    protected readonly what: string;
    constructor(status: ClientStatus, connected: boolean);
    [Symbol.asyncIterator](): MatchedEvents<SubscribeStateEvent>;
    protected ending(): Error;
    [Symbol.asyncDispose](): Promise<void>;
}
interface SubscribeStateEvent {
    readonly connected: boolean;
    readonly cause: Error | undefined;
}
interface SubscriptionEvent<Payload = string> {
    readonly type: 'message' | 'pmessage';
    readonly channel: string;
    readonly pattern: string | undefined;
    readonly message: Payload;
}
declare class SubscriptionMatcher<Payload = string> extends Matcher<SubscriptionEvent<Payload>> {
    #private;
    protected readonly what: string;
    readonly kind: TopicKind;
    readonly key: string;
    constructor(share: TopicShare, replies: 'string' | 'bytes');
    [Symbol.asyncIterator](): MatchedEvents<SubscriptionEvent<Payload>>;
    protected ending(): Error;
    end(reason: Error): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
declare class TopicShare {
    #private;
    readonly client: RedisClient$1;
    readonly kind: TopicKind;
    readonly key: string;
    constructor(client: RedisClient$1, kind: TopicKind, key: string, onUnused: () => void);
    get topic(): Topic;
    get count(): number;
    get held(): boolean;
    get unused(): boolean;
    add(timeoutMs: number, signal: AbortSignal | undefined): Promise<void>;
    drop(): Promise<void>;
    matcher<Payload>(replies: 'string' | 'bytes'): SubscriptionMatcher<Payload>;
    leave(matcher: AnyMatcher): Promise<void>;
    hold(timeoutMs: number, signal: AbortSignal | undefined): Promise<void>;
    letGo(): Promise<void>;
    close(reason: Error): Promise<void>;
}
interface WaitOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
type Waited<E> = readonly [
    timedOut: true,
    event: undefined,
    matcher: undefined
] | readonly [
    timedOut: false,
    event: E,
    matcher: Matcher<E>
];
export {
  BatchCall,
  BatchOptions,
  BatchReplies,
  BytesMatcherOptions,
  Call,
  CommandCall,
  CommandOptions,
  ConnectionObject,
  ContextOptions,
  DEFAULTS,
  Executed,
  FailureDetails,
  ListCall,
  MatchedEvents,
  Matcher,
  MatcherOptions,
  RedisClient,
  RedisClientBase,
  RedisClientConfiguration,
  RedisClientOptions,
  RedisClientShutdown,
  RedisCommand,
  RedisCommands,
  RedisConnectionDown,
  RedisConnectionRestarted,
  RedisContext,
  RedisProtocol,
  RedisProtocolException,
  RedisReplyException,
  RedisSubscriptionEnded,
  RegisteredScript,
  Routine,
  RoutineContainer,
  ScriptsCall,
  ShutdownOptions,
  StateMatcher,
  SubscribeStateEvent,
  SubscriptionEvent,
  SubscriptionMatcher,
  WaitOptions,
  Waited,
};
