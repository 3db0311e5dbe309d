import type { CommandArgument } from '@redlane/resp3-core';
import type { RedisClient } from '../client.js';
import type {
  DriverBatch,
  DriverBatchOptions,
  DriverCallOptions,
  DriverLease,
  DriverLeaseOptions,
  DriverReply,
} from '../driver.js';
import { ClosedError, ConnectionLostError, type Delivery } from '../errors.js';
import { pause } from '../pause.js';
import { ReplyError } from '../reply-error.js';
import { commandName } from '../routing.js';
import type { Session } from '../session.js';
import { batchBy, sendBy } from './caller-commands.js';
import { CallerViews } from './caller-views.js';
import { blockingTimeoutMs } from './driver-refusals.js';
import { InFlight } from './in-flight.js';
import { WaitLimit } from './wait-limit.js';

/** UNBLOCK finds nothing when it overtakes the command on the way to the server, or when the reply is on its way. */
const AGAIN_MS = 20;
/** How long one UNBLOCK may take. */
const UNBLOCK_MS = 1_000;
/** How often that may happen before a cancellation gives up: the server is not to be reached. */
const UNANSWERED = 2;

/** A connection from a client's pool, for one user. */
export class ClientLease implements DriverLease {
  readonly #client: RedisClient;
  readonly #session: Session;
  readonly #giveBack: () => Promise<void>;
  readonly #views: CallerViews;
  readonly #calls: InFlight = new InFlight();
  /** Those of them that wait at the server. */
  readonly #waiting: InFlight = new InFlight();
  #cancelling: Promise<boolean> | undefined;
  #disposing: Promise<void> | undefined;
  /** An UNBLOCK may reach the connection at any time. */
  #spoiled = false;

  /** @throws PoolError, AbortError, ConnectError */
  static open(client: RedisClient, { signal, timeoutMs }: DriverLeaseOptions): Promise<ClientLease> {
    return new Promise((resolve, reject) => {
      const use = (session: Session): Promise<void> =>
        new Promise((end) => {
          const giveBack = (): Promise<void> => {
            end();
            return held;
          };
          resolve(new ClientLease(client, session, giveBack));
        });
      const held = client.withConnection(use, { signal, timeoutMs });
      held.catch(reject);
    });
  }

  private constructor(client: RedisClient, session: Session, giveBack: () => Promise<void>) {
    this.#client = client;
    this.#session = session;
    this.#giveBack = giveBack;
    this.#views = new CallerViews(session);
  }

  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions = {},
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    if (this.#cancelling !== undefined) {
      return this.#calls.track(this.#afterwards(() => this.#send(args, options)));
    }
    const refusal = this.#refusal();
    return refusal === undefined ? this.#send(args, options) : Promise.reject(refusal);
  }

  batch(
    commands: readonly (readonly CommandArgument[])[],
    options: DriverBatchOptions & { replies: 'bytes' },
  ): Promise<DriverBatch<Uint8Array>>;
  batch(
    commands: readonly (readonly CommandArgument[])[],
    options?: DriverBatchOptions,
  ): Promise<DriverBatch>;
  batch(
    commands: readonly (readonly CommandArgument[])[],
    options: DriverBatchOptions = {},
  ): Promise<DriverBatch | DriverBatch<Uint8Array>> {
    return this.#calls.track(this.#afterwards(() => batchBy(this.#views, commands, options, 'lease')));
  }

  cancel(): Promise<boolean> {
    if (this.#waiting.count === 0) return Promise.resolve(true);
    this.#cancelling ??= this.#unblock().finally(() => {
      this.#cancelling = undefined;
    });
    return this.#cancelling;
  }

  /** Closes the connection; what is under way rejects. */
  destroy(cause?: Error): void {
    this.#session.connection.destroy(cause);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async #dispose(): Promise<void> {
    if (!(await this.cancel())) this.destroy();
    await this.#calls.settled();
    if (this.#spoiled) this.destroy();
    await this.#giveBack();
  }

  /** Calls `send` when no UNBLOCK is under way that would hit the wrong command: at once, as a rule. */
  async #afterwards<T>(send: () => Promise<T>): Promise<T> {
    if (this.#cancelling !== undefined) await this.#cancelling;
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    return send();
  }

  /** Why nothing can be sent any more. */
  #refusal(): Error | undefined {
    if (this.#disposing !== undefined) return new ClosedError('connection');
    if (!this.#session.connection.closed) return undefined;
    return new ConnectionLostError({ maybeExecuted: false, phase: 'connecting' });
  }

  #send(
    args: readonly CommandArgument[],
    options: DriverCallOptions,
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    const serverTimeoutMs = blockingTimeoutMs(args);
    return serverTimeoutMs === undefined
      ? sendBy(this.#views, this.#calls, args, options, 'lease')
      : this.#wait(args, options, serverTimeoutMs);
  }

  /** Runs a command that waits at the server. The session ends it there when its signal is aborted, and so at its deadline. */
  async #wait(
    args: readonly CommandArgument[],
    { signal, timeoutMs, replies }: DriverCallOptions,
    serverTimeoutMs: number,
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    // What notices that the peer is gone, when the command itself may take for ever.
    if (serverTimeoutMs === Number.POSITIVE_INFINITY)
      this.#client.connect({ timeoutMs: 0 }).catch(() => undefined);
    const limit = new WaitLimit(signal, timeoutMs);
    this.#waiting.begin();
    try {
      return await sendBy(this.#views, this.#calls, args, { replies, signal: limit.signal }, 'lease');
    } catch (error) {
      throw limit.explain(error, commandName(args[0]));
    } finally {
      limit.clear();
      this.#waiting.end();
    }
  }

  /** False when the server does not let us, or is not to be reached. */
  async #unblock(): Promise<boolean> {
    const all = this.#waiting.settled();
    let unanswered = 0;
    while (this.#waiting.count > 0) {
      const answer = await this.#tellServer();
      if (answer === 'refused' || (answer === 'unanswered' && ++unanswered >= UNANSWERED)) {
        return this.#waiting.count === 0;
      }
      await Promise.race([all, pause(AGAIN_MS)]);
    }
    return true;
  }

  async #tellServer(): Promise<'heard' | 'refused' | 'unanswered'> {
    const { id } = this.#session.connection;
    if (id === undefined) return 'refused';
    try {
      await this.#client.with({ timeoutMs: UNBLOCK_MS }).call('CLIENT', 'UNBLOCK', id);
      return 'heard';
    } catch (error) {
      if (error instanceof ReplyError) return 'refused';
      // It may still be under way, and must not hit whoever has the connection next.
      if ((error as Partial<Delivery>).maybeExecuted !== false) this.#spoiled = true;
      return 'unanswered';
    }
  }
}
