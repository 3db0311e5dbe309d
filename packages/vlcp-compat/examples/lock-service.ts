import { randomUUID } from 'node:crypto';
import type { RedisClient, RegisteredScript, RoutineContainer } from '@redlane/vlcp-compat';

/** Frees the lock and wakes who waits, if the lock is still ours. */
const UNLOCK = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[1], 'free')
return 1`;

/** A lock that is held. */
export interface HeldLock {
  readonly name: string;
  readonly token: string;
  /** Greater than that of everybody who held the lock before. */
  readonly fence: number;
}

/**
 * Locks in Redis, as a module of VLCP would have written it: an exclusive connection in a context for WATCH and MULTI, a
 * registered script to unlock, and a subscription that wakes those who wait. A holder that goes away without a word loses the
 * lock after `ttl` seconds.
 */
export class LockService {
  readonly #client: RedisClient;
  readonly #ttl: number;
  #unlock: RegisteredScript | undefined;

  constructor(client: RedisClient, { ttl = 30 }: { readonly ttl?: number } = {}) {
    this.#client = client;
    this.#ttl = ttl;
  }

  async lock(container: RoutineContainer, name: string): Promise<HeldLock> {
    const key = `lock:{${name}}`;
    const [freed] = await this.#client.subscribe(container, key);
    if (freed === undefined) throw new Error('a matcher comes for each key');
    try {
      for (;;) {
        // It waits before we look, so that no message gets lost in between.
        const woken = container.subroutine((inner) => inner.waitWithTimeout(this.#ttl, freed));
        // Should it fail meanwhile: it is looked at below.
        woken.catch(() => undefined);
        try {
          const held = await this.#tryLock(container, name, key);
          if (held !== undefined) return held;
          await woken;
        } finally {
          woken.terminate();
        }
      }
    } finally {
      await this.#client.unsubscribe(key);
    }
  }

  /** False when the lock was lost before. */
  async unlock(container: RoutineContainer, { name, token }: HeldLock): Promise<boolean> {
    this.#unlock ??= await this.#client.registerScript(container, UNLOCK);
    const freed = await this.#client.evalRegistered(container, this.#unlock, 1, `lock:{${name}}`, token);
    return freed === 1;
  }

  async #tryLock(container: RoutineContainer, name: string, key: string): Promise<HeldLock | undefined> {
    const connection = await this.#client.getConnection(container);
    await using _context = connection.context(container);
    await connection.executeCommand(container, 'WATCH', key);
    if ((await connection.executeCommand(container, 'EXISTS', key)) === 1) return undefined;
    const token = randomUUID();
    const replies = await connection.batchExecute(
      container,
      ['MULTI'],
      ['SET', key, token, 'PX', Math.ceil(this.#ttl * 1000)],
      ['INCR', `${key}:fence`],
      ['EXEC'],
      { raiseFirstException: true },
    );
    const results = replies.at(-1) as [string, number] | null;
    return results === null ? undefined : { name, token, fence: results[1] };
  }
}
