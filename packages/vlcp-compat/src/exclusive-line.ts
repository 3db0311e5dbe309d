import type { RedisClient, Session } from '@redlane/client';
import { RedisConnectionDown } from './errors.js';
import type { Line, LineWait, OpenLine } from './line.js';
import { settledWithin } from './settled-within.js';
import { sharedController } from './shared-controller.js';
import { unlessAborted } from './unless-aborted.js';

/** How long a connection may take to answer what it owes before it is closed. */
const GRACE_MS = 1_000;

/** A connection that was taken out of the pool. */
interface Lent extends OpenLine {
  readonly giveBack: () => void;
  /** It is back. */
  readonly returned: Promise<void>;
}

/**
 * A connection of one's own out of the client's pool. One that is lost is replaced by another, which knows nothing of what
 * was watched or selected: contexts with `lockconn` forbid that.
 */
export class ExclusiveLine implements Line {
  readonly exclusive = true;
  readonly #client: () => RedisClient;
  readonly #onEnd: (line: ExclusiveLine) => void;
  readonly #ending: AbortController = sharedController();
  #lent: Lent | undefined;
  #opening: Promise<Lent> | undefined;
  #ended: Promise<void> | undefined;

  constructor(client: () => RedisClient, onEnd: (line: ExclusiveLine) => void) {
    this.#client = client;
    this.#onEnd = onEnd;
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get current(): OpenLine | undefined {
    return this.#ended !== undefined || this.#lent?.connection.closed ? undefined : this.#lent;
  }

  async open({ signal, timeoutMs }: LineWait): Promise<OpenLine> {
    if (this.#ended !== undefined) throw released();
    this.#opening ??= this.#take(timeoutMs).finally(() => {
      this.#opening = undefined;
    });
    // Others may wait for the same connection.
    return unlessAborted(this.#opening, signal, 'waiting for a connection');
  }

  release(): Promise<void> {
    this.#ended ??= this.#end(false);
    return this.#ended;
  }

  close(force: boolean): Promise<void> {
    if (force) this.#lent?.connection.destroy();
    this.#ended ??= this.#end(true);
    return this.#ended;
  }

  async #take(timeoutMs: number): Promise<Lent> {
    this.#lent?.giveBack();
    this.#lent = undefined;
    const lent = await lend(this.#client(), { signal: this.ending, timeoutMs });
    this.#lent = lent;
    return lent;
  }

  async #end(close: boolean): Promise<void> {
    // Before anything else: a dial under way is for nobody.
    const opening = this.#opening;
    this.#ending.abort(released());
    await opening?.catch(ignore);
    const lent = this.#lent;
    if (lent !== undefined) {
      await settledWithin(lent.connection.drained(), GRACE_MS);
      if (close) lent.connection.destroy();
      lent.giveBack();
      await lent.returned;
    }
    this.#onEnd(this);
  }
}

/** Takes a connection out of the pool until it is given back. */
function lend(client: RedisClient, wait: LineWait): Promise<Lent> {
  return new Promise((resolve, reject) => {
    const use = (session: Session): Promise<void> =>
      new Promise((giveBack) => {
        const { connection } = session;
        resolve({ connection, caller: session, pinned: session, giveBack, returned });
      });
    const returned = client.withConnection(use, wait);
    returned.catch(reject);
  });
}

function released(): RedisConnectionDown {
  return new RedisConnectionDown('the connection was given back; take another with getConnection()', {
    phase: 'queued',
  });
}

function ignore(): void {}
