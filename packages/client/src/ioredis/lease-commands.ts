import type { CommandArgument, RedisError } from '@redlane/resp3-core';
import { AbortError, ClosedError, ConnectionLostError } from '../errors.js';
import { forcesNewDial, mayResend } from '../retry.js';
import { commandName, routeOf } from '../routing.js';
import type { CallSpec, RawReplies } from './call.js';
import type { LeaseConnection } from './lease-connection.js';
import type { LeasePool } from './lease-pool.js';
import { refusalOf } from './refusal-of.js';
import type { Place, Router } from './router.js';

const MAX_MOVES = 16;
/** Before a command is sent again that the server has turned down for now. */
const AGAIN_MS = 50;

/**
 * Sends the commands of one lease. As long as nothing is watched or set on its connection, the connection can be changed
 * for another one: when the slot has moved, or the server is not the master any more.
 */
export class LeaseCommands {
  readonly #router: Router;
  readonly #pool: LeasePool;
  #connection: LeaseConnection;
  /** Resolves when its change for another one has ended. */
  #moving: Promise<void> | undefined;
  #watching = false;
  #dirty = false;

  constructor(router: Router, pool: LeasePool, connection: LeaseConnection) {
    this.#router = router;
    this.#pool = pool;
    this.#connection = connection;
  }

  get connection(): LeaseConnection {
    return this.#connection;
  }

  get router(): Router {
    return this.#router;
  }

  /** There is nothing on the connection that another one would not have. */
  get clean(): boolean {
    return !this.#watching && !this.#dirty;
  }

  /** Writes once, and once more where the server has provably not executed it. `waits`: it may wait at the server. */
  async exchange(spec: CallSpec, { waits = false }: { readonly waits?: boolean } = {}): Promise<RawReplies> {
    const slot = this.#router.slotOf(spec.commands);
    const deadline = performance.now() + spec.timeoutMs;
    let asking = false;
    for (let moves = 0; ; moves++) {
      await this.#moving;
      const connection = this.#connection;
      const { clean } = this;
      this.#note(spec.commands);
      const timeoutMs = Math.max(1, deadline - performance.now());
      const replies = await connection.exchange({ ...spec, timeoutMs, asking });
      this.#noteEnd(spec);
      const refusal = refusalOf(spec.kind, replies);
      // What others wait for on this connection would be lost with it.
      if (refusal === undefined || !clean || connection.owed > 0 || moves === MAX_MOVES) return replies;
      const redirection = this.#router.redirected(refusal);
      const left = { signal: spec.signal, timeoutMs: deadline - performance.now() };
      if (redirection !== undefined) {
        const { key } = redirection;
        await this.move(() => Promise.resolve(this.#router.placeAt(key)), left);
        asking = redirection.asking;
        continue;
      }
      if (!isTemporary(spec, refusal, waits) || left.timeoutMs < AGAIN_MS) return replies;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      if (forcesNewDial(refusal.code) || refusal.code === 'UNBLOCKED') {
        await this.#router.refresh();
        await this.move(() => this.#router.place(slot), left);
      }
      asking = false;
    }
  }

  /** Goes on with another connection. @throws AbortError, ConnectionLostError */
  async move(placeOf: () => Promise<Place>, limits: Pick<CallSpec, 'signal' | 'timeoutMs'>): Promise<void> {
    const moving = this.#move(placeOf, limits);
    this.#moving = moving.catch(() => undefined);
    await moving;
  }

  async #move(
    placeOf: () => Promise<Place>,
    { signal, timeoutMs }: Pick<CallSpec, 'signal' | 'timeoutMs'>,
  ): Promise<void> {
    const late = timeoutMs > 2 ** 31 - 1 ? [] : [AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs)))];
    const end = AbortSignal.any([...late, ...(signal === undefined ? [] : [signal])]);
    try {
      this.#connection = await this.#pool.exchange(this.#connection, placeOf, end);
      this.#watching = this.#dirty = false;
    } catch (cause) {
      const delivery = { maybeExecuted: false, phase: 'connecting' } as const;
      if (signal?.aborted) throw new AbortError('the command', { ...delivery, cause: signal.reason });
      if (cause instanceof ClosedError) throw cause;
      throw new ConnectionLostError({ ...delivery, cause });
    }
  }

  /** Closes the connection; what is owed rejects. */
  abandon(cause: Error): void {
    void this.#connection.close(cause);
  }

  giveBack(): Promise<void> {
    return this.#pool.giveBack(this.#connection, this.clean);
  }

  #note(commands: readonly (readonly CommandArgument[])[]): void {
    for (const command of commands) {
      const name = commandName(command[0]);
      if (name === 'WATCH') this.#watching = true;
      else if (name !== 'UNWATCH' && routeOf(command)?.dirties === true) this.#dirty = true;
    }
  }

  /** EXEC and UNWATCH forget what was watched, whatever their reply. */
  #noteEnd({ kind, commands }: CallSpec): void {
    if (kind === 'atomic' || (kind === 'single' && commandName(commands[0]?.[0]) === 'UNWATCH')) {
      this.#watching = false;
    }
  }
}

function isTemporary({ kind, commands }: CallSpec, { code }: RedisError, blocking: boolean): boolean {
  const route = routeOf(commands[0] ?? []);
  const script = kind !== 'atomic' && route?.script === true;
  const readOnly = kind === 'single' && route?.readOnly === true;
  return mayResend({ policy: 'safe', written: true, readOnly, script, blocking, replyCode: code });
}
