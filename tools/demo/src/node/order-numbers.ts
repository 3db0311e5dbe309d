import type { RedisClient } from '@redlane/client';
import { type RedisClientBase, RedisClient as VlcpClient } from '@redlane/vlcp-compat';

/** The field that holds the latest number; ids are hexadecimal, so that none is called like this. */
const LATEST = 'latest';

interface Waiting {
  readonly id: string;
  resolve(number: number): void;
  reject(error: unknown): void;
}

/**
 * Numbers for orders: 1, 2, 3, … without a gap, each given to one order and always the same one. A critical section as VLCP's
 * programs have it: an exclusive connection in a context, WATCH, and MULTI that does nothing when another node was faster.
 */
export class OrderNumbers implements AsyncDisposable {
  readonly #client: VlcpClient;
  readonly #key: string;
  #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(client: RedisClient, key: string) {
    this.#client = new VlcpClient({ protocol: client });
    this.#key = key;
  }

  /** @throws RedisConnectionDown (`CONNECTION_DOWN`, `CONNECTION_RESTARTED`): ask again, the number stays the same */
  next(id: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, resolve, reject });
      if (!this.#isBusy) void this.#serve();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.shutdown({ force: true });
  }

  /** All who wait in this process take one turn together; only other nodes are in their way then. */
  async #serve(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const served = this.#waiting.splice(0);
      try {
        const numbers = await this.#give(served.map(({ id }) => id));
        for (const [i, { resolve }] of served.entries()) resolve(numbers[i] as number);
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    this.#isBusy = false;
  }

  async #give(ids: readonly string[]): Promise<number[]> {
    await using connection = (await this.#client.getConnection()).context();
    for (;;) {
      const numbers = await this.#tryGive(connection, ids);
      if (numbers !== undefined) return numbers;
    }
  }

  /** `undefined`: somebody else was faster. */
  async #tryGive(connection: Pick<RedisClientBase, 'batchExecute'>, ids: readonly string[]) {
    const [, found] = await connection.batchExecute(
      ['WATCH', this.#key],
      ['HMGET', this.#key, LATEST, ...ids],
      { raiseFirstException: true },
    );
    const [latest, ...given] = found as (string | null)[];
    const known = new Map(ids.flatMap((id, i) => (given[i] == null ? [] : [[id, Number(given[i])]])));
    let last = Number(latest ?? 0);
    const added: (string | number)[] = [];
    for (const id of ids) {
      if (known.has(id)) continue;
      known.set(id, ++last);
      added.push(id, last);
    }
    if (added.length > 0) {
      const replies = await connection.batchExecute(
        ['MULTI'],
        ['HSET', this.#key, LATEST, last, ...added],
        ['EXEC'],
        { raiseFirstException: true },
      );
      if (replies.at(-1) === null) return undefined;
    }
    return ids.map((id) => known.get(id) as number);
  }
}
