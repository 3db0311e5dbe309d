import { ClosedError, ConnectionLostError } from '../errors.js';
import { Call, type CallSpec, type RawReplies } from './call.js';
import { Duplicate } from './duplicate.js';
import { Link, type LinkOwner } from './link.js';
import type { Place } from './router.js';

const CLIENT_ID_TIMEOUT_MS = 5_000;

/** A connection for one lease at a time. What it cannot answer rejects: nothing is sent again. */
export class LeaseConnection implements LinkOwner {
  /** Key of its node in a cluster. */
  readonly key: string;
  readonly #duplicate: Duplicate;
  readonly #link: Link;
  #cause: Error | undefined;
  /** For CLIENT UNBLOCK; `undefined` when the server does not tell. */
  id: number | undefined;
  /** An UNBLOCK may still be on its way to it. */
  spoilt = false;

  /** @throws ConnectError */
  static async open({ key, seed }: Place, signal: AbortSignal): Promise<LeaseConnection> {
    const connection = new LeaseConnection(key, await Duplicate.open(seed, signal));
    try {
      const [id] = await connection.exchange({
        kind: 'single',
        commands: [['CLIENT', 'ID']],
        timeoutMs: CLIENT_ID_TIMEOUT_MS,
        signal,
      });
      if (typeof id === 'string' || typeof id === 'number') connection.id = Number(id);
    } catch (error) {
      void connection.close(error as Error);
      throw error;
    }
    return connection;
  }

  private constructor(key: string, duplicate: Duplicate) {
    this.key = key;
    this.#duplicate = duplicate;
    this.#link = new Link(duplicate.instance, this);
    duplicate.onLost((cause) => this.#end(cause));
  }

  get peer(): string | undefined {
    return this.#duplicate.peer;
  }

  get open(): boolean {
    return this.#cause === undefined && this.#duplicate.open;
  }

  /** Calls without replies. */
  get owed(): number {
    return this.#link.owed;
  }

  /** Sends it at once, or not at all. */
  exchange(spec: CallSpec & { readonly asking?: boolean }): Promise<RawReplies> {
    return Call.exchange(spec, (call) => {
      call.asking = spec.asking === true;
      if (this.open) this.#link.write(call);
      else this.unsent(call, this.#cause ?? new Error('the connection was closed'));
    });
  }

  /** Ends it; what is owed rejects with `maybeExecuted`. Resolves when it is closed. */
  async close(cause: Error): Promise<void> {
    this.#end(cause);
    await this.#duplicate.close();
  }

  answered(call: Call, replies: RawReplies): void {
    call.answer(replies);
  }

  lost(call: Call, cause: Error): void {
    const details = { ...call.delivery, cause };
    call.reject(
      cause instanceof ClosedError
        ? new ClosedError('client', details)
        : new ConnectionLostError({ ...details, command: call.name }),
    );
  }

  unsent(call: Call, cause: Error): void {
    const delivery = { maybeExecuted: false, phase: 'queued' } as const;
    call.reject(new ConnectionLostError({ ...delivery, cause, command: call.name }));
  }

  #end(cause: Error): void {
    this.#cause ??= cause;
    this.#link.end(cause);
  }
}
