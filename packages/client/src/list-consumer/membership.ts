import { CLOCK } from '../on-driver/clock.js';
import { keepTrying } from '../on-driver/keep-trying.js';
import { CUT, GIVE_BACK } from './lua.js';
import type { ConsumerContext } from './options.js';

/**
 * KEYS: consumers, state. ARGV: consumer, ms to live (0: only look). Gives the number up to which entries were lost, since
 * the consumer had been struck off, and some consumers that are dead.
 */
const BEAT = `${CLOCK}
local lost = 0
if ARGV[2] ~= '0' and redis.call('ZADD', KEYS[1], int(ms + ARGV[2]), ARGV[1]) == 1 then
  lost = tonumber(redis.call('HGET', KEYS[2], 'seq') or 0)
end
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. int(ms), 'LIMIT', 0, 16)
table.insert(dead, 1, lost)
return dead
`;

/**
 * KEYS: consumers, state, staging, work, retry, dead, acked. ARGV: consumer; `dead` to do it only if that is so, `left`, or `left
 * behind` when something may still come into its staging list; limit of deliveries; limit of dead letters; numbers of
 * entries that nobody has seen. Gives how many elements came back.
 */
const RELEASE = `${CLOCK}${CUT}${GIVE_BACK}
local id, why, limit, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if why == 'dead' then
  local alive = redis.call('ZSCORE', KEYS[1], id)
  if alive and tonumber(alive) >= ms then return 0 end
end
local unseen = {}
for i = 5, #ARGV do unseen[ARGV[i]] = true end

local held, work = {}, redis.call('HGETALL', KEYS[4])
for i = 1, #work, 2 do held[#held + 1] = {work[i], work[i + 1], tonumber(work[i])} end
table.sort(held, function(one, other) return one[3] < other[3] end)
for _, entry in ipairs(held) do
  local deliveries, from = cut(entry[2], 1)
  local raw = string.sub(entry[2], from)
  if unseen[entry[1]] then
    redis.call('ZADD', KEYS[5], entry[1], entry[1] .. '|' .. int(deliveries - 1) .. '|' .. raw)
  else
    give_back(KEYS[5], KEYS[6], limit, most, entry[1], tonumber(deliveries), raw)
  end
end

local staged = redis.call('LRANGE', KEYS[3], 0, -1)
if #staged > 0 then
  local base = tonumber(redis.call('HGET', KEYS[2], 'seq') or 0)
  if us > base then base = us end
  for i, raw in ipairs(staged) do
    redis.call('ZADD', KEYS[5], int(base + i), int(base + i) .. '|0|' .. raw)
  end
  redis.call('HSET', KEYS[2], 'seq', int(base + #staged))
end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('HDEL', KEYS[2], 'claim:' .. id)
if why == 'left' then redis.call('DEL', KEYS[7]) end
if why ~= 'left behind' then redis.call('ZREM', KEYS[1], id) end
return #held + #staged
`;

export type Release = 'dead' | 'left' | 'left behind';

export interface MembershipEvents {
  /** Entries up to this number were given to others, since this consumer counted as dead. */
  lostUpTo(seq: number): void;
  /** So many elements of dead consumers came back. */
  recovered(count: number): void;
}

/** Says that a consumer lives, and looks after those that do not. */
export class Membership {
  readonly #context: ConsumerContext;
  readonly #events: MembershipEvents;
  readonly #keys: readonly string[];
  readonly #ended: AbortController = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ConsumerContext, events: MembershipEvents) {
    const { consumers, state } = context.keys;
    this.#context = context;
    this.#events = events;
    this.#keys = [consumers, state];
  }

  /** Takes over what a predecessor of the same name has left, and goes on to say that this consumer lives. */
  async join(): Promise<void> {
    const { id, idIsGiven, heartbeatMs } = this.#context;
    if (idIsGiven) await this.release(id, 'left');
    if (this.#ended.signal.aborted || this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.#beat(), heartbeatMs).unref();
  }

  /** The command that says it, for a connection of its own. What it replies is for {@link Membership.heard}. */
  beatCommand(): readonly (string | number)[] {
    return ['EVAL', BEAT, 2, ...this.#keys, this.#context.id, this.#context.deadAfterMs];
  }

  /** Looks into what the server has said to a heartbeat. */
  async heard(reply: unknown): Promise<number> {
    const [lostUpTo = 0, ...dead] = reply as [number?, ...string[]];
    if (lostUpTo > 0) this.#events.lostUpTo(lostUpTo);
    let count = 0;
    for (const id of dead) count += await this.release(id, 'dead');
    if (count > 0) this.#events.recovered(count);
    return count;
  }

  /** Gives back what the consumers hold that are dead by now. Returns how many elements. */
  async recover(): Promise<number> {
    const { driver, id } = this.#context;
    let count = 0;
    for (;;) {
      const reply = (await driver.run(BEAT, this.#keys, [id, 0])) as readonly unknown[];
      if (reply.length === 1) return count;
      count += await this.heard(reply);
    }
  }

  /** Gives back what this consumer holds, those that nobody has seen uncounted. */
  async release(id: string, why: Release, unseen: readonly number[] = []): Promise<number> {
    const { driver, keys, maxDeliveries, maxDeadLetters } = this.#context;
    const count = await driver.run(
      RELEASE,
      [keys.consumers, keys.state, keys.staging(id), keys.work(id), keys.retry, keys.dead, keys.acked(id)],
      [id, why, maxDeliveries, maxDeadLetters, ...unseen],
    );
    return count as number;
  }

  /** No heartbeats from now on. */
  end(): void {
    clearInterval(this.#timer);
    this.#ended.abort();
  }

  async #beat(): Promise<void> {
    const { driver, id, deadAfterMs, heartbeatMs } = this.#context;
    try {
      const beat = () => driver.run(BEAT, this.#keys, [id, deadAfterMs]);
      const reply = await keepTrying(beat, {
        until: performance.now() + heartbeatMs,
        signal: this.#ended.signal,
      });
      await this.heard(reply);
    } catch {
      // Whatever is wrong, those who wait for a claim are told; the next heartbeat comes anyway.
    }
  }
}
