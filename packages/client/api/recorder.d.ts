// The API of @redlane/client/recorder, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { Limits } from '@redlane/resp3-core';
import { Readable } from 'node:stream';
import { ReplyMode } from '@redlane/resp3-core';
import { RespNode } from '@redlane/resp3-core';
import { Writable } from 'node:stream';
interface ConnectionRecorder {
    tap(connection: TappedConnection): ConnectionTap;
}
interface ConnectionTap {
    sent(args: readonly CommandArgument[]): void;
    received(chunk: Uint8Array): void;
    ended(cause?: Error): void;
}
type EndReason = 'closed' | 'maxBytes' | 'slow';
interface Misalignment {
    readonly line: number;
    readonly connection: number;
    readonly problem: string;
}
interface Moment {
    readonly line: number;
    readonly atMs: number;
}
interface OnConnection extends Moment {
    readonly connection: number;
}
interface ReadOptions {
    readonly replies?: ReplyMode | undefined;
    readonly limits?: Partial<Limits> | undefined;
}
interface Recordable {
    attachRecorder(recorder: ConnectionRecorder): Disposable;
}
type RecordedEvent = (OnConnection & {
    readonly kind: 'open';
    readonly address: string;
    readonly earlier: number;
}) | (OnConnection & {
    readonly kind: 'command';
    readonly args: readonly (string | Uint8Array)[];
}) | (OnConnection & {
    readonly kind: 'reply' | 'push';
    readonly node: RespNode;
}) | (OnConnection & {
    readonly kind: 'unreadable';
    readonly why: string;
}) | (OnConnection & {
    readonly kind: 'close';
    readonly why: string;
}) | (Moment & {
    readonly kind: 'end';
    readonly reason: EndReason | 'cut';
});
declare class Recorder implements ConnectionRecorder, AsyncDisposable {
    #private;
    constructor(target: string | Writable, options?: RecorderOptions);
    get status(): RecorderStatus;
    attach(client: Recordable): Disposable;
    tap(connection: TappedConnection): ConnectionTap;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface RecorderOptions {
    readonly maxBytes?: number | undefined;
    readonly maxPendingBytes?: number | undefined;
    readonly redact?: Redact | undefined;
    readonly onError?: ((error: Error) => void) | undefined;
}
interface RecorderStatus {
    readonly ended: EndReason | 'error' | undefined;
    readonly bytes: number;
    readonly records: number;
}
declare class RecordingError extends Error {
    readonly name: string;
    readonly code = "INVALID_RECORDING";
    readonly line: number;
    constructor(line: number, problem: string, cause?: unknown);
}
type Redact = (args: readonly CommandArgument[]) => readonly CommandArgument[];
interface TappedConnection {
    readonly address: string;
    readonly midReply: boolean;
    readonly owedReplies: number;
    readonly replyLimits: Readonly<Partial<Limits>>;
}
interface Validation {
    readonly connections: number;
    readonly commands: number;
    readonly replies: number;
    readonly pushes: number;
    readonly errors: number;
    readonly unanswered: number;
    readonly problems: readonly Misalignment[];
}
declare function readRecording(source: string | Readable, { replies, limits }?: ReadOptions): AsyncGenerator<RecordedEvent, void, undefined>;
declare function record(client: Recordable, target: string | Writable, options?: RecorderOptions): Recorder;
declare function validate(source: string | Readable, options?: ReadOptions): Promise<Validation>;
export {
  ConnectionRecorder,
  ConnectionTap,
  EndReason,
  Misalignment,
  ReadOptions,
  Recordable,
  RecordedEvent,
  Recorder,
  RecorderOptions,
  RecorderStatus,
  RecordingError,
  Redact,
  TappedConnection,
  Validation,
  readRecording,
  record,
  validate,
};
