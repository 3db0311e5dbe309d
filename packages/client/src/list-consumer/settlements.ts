import { randomUUID } from 'node:crypto';
import { CLOCK } from '../on-driver/clock.js';
import { keepTrying } from '../on-driver/keep-trying.js';
import { CUT, GIVE_BACK } from './lua.js';
import type { ConsumerContext } from './options.js';

/**
 * KEYS: work, acked. ARGV: name of this call, ms for which it may be repeated, 1 for a repetition, numbers. Gives the places
 * of those that were not there, from 1. A repetition gives what the first attempt has found, whatever has become of the
 * consumer since.
 */
const ACK = `
local missing = {}
if ARGV[3] == '1' then
  local name, places = string.match(redis.call('GET', KEYS[2]) or '', '^(.-) (.*)$')
  if name == ARGV[1] then
    for place in string.gmatch(places, '%d+') do missing[#missing + 1] = tonumber(place) end
    return missing
  end
end
for i = 4, #ARGV do
  if redis.call('HDEL', KEYS[1], ARGV[i]) == 0 then missing[#missing + 1] = i - 3 end
end
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. table.concat(missing, ' '), 'PX', ARGV[2])
return missing
`;

/**
 * KEYS: work, retry, dead. ARGV: 1 to deliver them again, limit of deliveries, limit of dead letters, reason, numbers.
 * Gives the places of those that were not there, from 1.
 */
const NACK = `${CLOCK}${CUT}${GIVE_BACK}
local limit, most, missing = tonumber(ARGV[2]), tonumber(ARGV[3]), {}
for i = 5, #ARGV do
  local held = redis.call('HGET', KEYS[1], ARGV[i])
  if held then
    local deliveries, from = cut(held, 1)
    local raw = string.sub(held, from)
    if ARGV[1] == '1' then
      give_back(KEYS[2], KEYS[3], limit, most, ARGV[i], tonumber(deliveries), raw)
    else
      bury(KEYS[3], most, ARGV[i], deliveries, ARGV[4], raw)
    end
    -- Last: when the others fail, it is still held.
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    missing[#missing + 1] = i - 4
  end
end
return missing
`;

/** In one call; more would hold up other users of the server. */
const MOST_AT_ONCE = 1_000;

interface Group {
  readonly seqs: readonly number[];
  resolve(count: number): void;
  reject(error: unknown): void;
}

/** Ends deliveries. All acks of a tick, and those that come while a call is under way, go in one call. */
export class Settlements {
  readonly #context: ConsumerContext;
  readonly #stopped: AbortController = new AbortController();
  readonly #name: string = randomUUID();
  #acks = 0;
  #waiting: Group[] = [];
  #flushing: Promise<void> | undefined;

  constructor(context: ConsumerContext) {
    this.#context = context;
  }

  /** Resolves to how many of them were still held and are gone now. */
  async ack(seqs: readonly number[]): Promise<number> {
    let count = 0;
    const groups: Promise<number>[] = [];
    for (let from = 0; from < seqs.length; from += MOST_AT_ONCE) {
      groups.push(this.#enqueue(seqs.slice(from, from + MOST_AT_ONCE)));
    }
    for (const each of await Promise.all(groups)) count += each;
    return count;
  }

  /** Resolves to how many of them were still held and are given back now. */
  async nack(seqs: readonly number[], requeue: boolean, reason: string): Promise<number> {
    const { keys, id, maxDeliveries, maxDeadLetters } = this.#context;
    const names = [keys.work(id), keys.retry, keys.dead];
    let count = 0;
    for (let from = 0; from < seqs.length; from += MOST_AT_ONCE) {
      const part = seqs.slice(from, from + MOST_AT_ONCE);
      const args = [requeue ? 1 : 0, maxDeliveries, maxDeadLetters, reason, ...part];
      // What a repetition misses was given back: by the first attempt, or since this consumer counted as dead.
      const missing = await this.#run(async (repeated) => {
        const places = await this.#context.driver.run(NACK, names, args);
        return repeated ? [] : (places as number[]);
      });
      count += part.length - missing.length;
    }
    return count;
  }

  /** Resolves when nothing is waiting or under way. */
  async idle(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  /** What fails from now on is not tried again. */
  stop(): void {
    this.#stopped.abort();
  }

  #enqueue(seqs: readonly number[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ seqs, resolve, reject });
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined;
      });
    });
  }

  async #flush(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const groups = this.#nextGroups();
      const seqs = groups.flatMap((group) => group.seqs);
      try {
        resolveAll(groups, new Set(await this.#ackNow(seqs)));
      } catch (error) {
        for (const group of groups) group.reject(error);
      }
    }
  }

  #nextGroups(): Group[] {
    let size = 0;
    let count = 0;
    for (const { seqs } of this.#waiting) {
      size += seqs.length;
      if (size > MOST_AT_ONCE) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #ackNow(seqs: readonly number[]): Promise<readonly number[]> {
    const { driver, keys, id, deadAfterMs } = this.#context;
    const names = [keys.work(id), keys.acked(id)];
    const name = `${this.#name}:${++this.#acks}`;
    return this.#run(async (repeated) => {
      const missing = await driver.run(ACK, names, [name, 2 * deadAfterMs, repeated ? 1 : 0, ...seqs]);
      return missing as number[];
    });
  }

  #run(script: (repeated: boolean) => Promise<readonly number[]>): Promise<readonly number[]> {
    return keepTrying(script, {
      until: performance.now() + this.#context.deadAfterMs,
      signal: this.#stopped.signal,
    });
  }
}

/** `missing` are places in the line of all, from 1. */
function resolveAll(groups: readonly Group[], missing: ReadonlySet<number>): void {
  let place = 0;
  for (const { seqs, resolve } of groups) {
    let count = seqs.length;
    if (missing.size === 0) place += count;
    else for (const _ of seqs) if (missing.has(++place)) count--;
    resolve(count);
  }
}
