import type { RedisClient } from '@redlane/client';
import { RedisClient as VlcpClient } from '@redlane/vlcp-compat';

/** The field that holds the latest number; ids are hexadecimal, so that none is called like this. */
const LATEST = 'latest';

/**
 * Numbers for orders: 1, 2, 3, … without a gap, each given to one order and always the same one. A critical section as VLCP's
 * programs have it: an exclusive connection in a context, WATCH, and MULTI that does nothing when another node was faster.
 */
export class OrderNumbers implements AsyncDisposable {
  readonly #client: VlcpClient;
  readonly #key: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: RedisClient, key: string) {
    this.#client = new VlcpClient({ protocol: client });
    this.#key = key;
  }

  /** @throws RedisConnectionDown (`CONNECTION_DOWN`, `CONNECTION_RESTARTED`): ask again */
  next(id: string): Promise<number> {
    // One at a time here: those of this process need not get into each other's way.
    const number = this.#turn.then(() => this.#next(id));
    this.#turn = number.catch(() => undefined);
    return number;
  }

  async #next(id: string): Promise<number> {
    await using connection = (await this.#client.getConnection()).context();
    for (;;) {
      const [, given, latest] = await connection.batchExecute(
        ['WATCH', this.#key],
        ['HGET', this.#key, id],
        ['HGET', this.#key, LATEST],
        { raiseFirstException: true },
      );
      if (given !== null) return Number(given);
      const number = Number(latest ?? 0) + 1;
      const replies = await connection.batchExecute(
        ['MULTI'],
        ['HSET', this.#key, id, number, LATEST, number],
        ['EXEC'],
        { raiseFirstException: true },
      );
      if (replies.at(-1) !== null) return number;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.shutdown({ force: true });
  }
}
