import { setTimeout as delay } from 'node:timers/promises';
import { AbortError, type CommandArgument, type RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import type { Counters } from './counters.js';
import { ChannelClosedError, ChannelFullError } from './errors.js';
import type { ChannelSettings } from './options.js';

/**
 * KEYS: list. ARGV: ms to live, `persist` or nothing; most messages (0: no limit); policy; number of groups; how many
 * messages each has; messages. A group is sent whole or not at all. Gives the length after each group, or -1; then how many
 * old messages were dropped.
 */
const SEND = `
local list, expiry, most, policy, groups = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local length, from, sent, full = redis.call('LLEN', list), 5 + groups, false, false
local replies = {}
for group = 1, groups do
  local size = tonumber(ARGV[4 + group])
  if full or (most > 0 and policy ~= 'dropOldest' and length + size > most) then
    replies[group] = -1
    full = policy == 'wait'
  else
    redis.call('RPUSH', list, unpack(ARGV, from, from + size - 1))
    length = length + size
    replies[group] = length
    sent = true
  end
  from = from + size
end
local dropped = 0
if most > 0 and length > most and policy == 'dropOldest' then
  dropped = length - most
  redis.call('LTRIM', list, -most, -1)
end
if sent and expiry == 'persist' then
  redis.call('PERSIST', list)
elseif sent and expiry ~= '' then
  redis.call('PEXPIRE', list, expiry)
end
replies[groups + 1] = dropped
return replies
`;

/** In one command; more would hold up other users of the server. */
export const MOST_AT_ONCE = 1_000;
const MOST_BYTES = 1 << 20;
/** How long a sender waits before it looks for room again. */
const LEAST_WAIT_MS = 1;
const MOST_WAIT_MS = 100;

interface Group {
  readonly raws: readonly Encoded[];
  readonly signal: AbortSignal | undefined;
  resolve(length: number): void;
  reject(error: unknown): void;
}

export type OutboxSettings = Pick<ChannelSettings, 'expireMs' | 'maxLength' | 'overflow'>;

/** Sends to one list, in the order of the calls. What is sent in one tick goes in one command. */
export class Outbox {
  readonly #driver: RedisDriver;
  readonly #list: string;
  readonly #channel: string;
  readonly #settings: OutboxSettings;
  readonly #counters: Counters;
  /** A plain RPUSH does. */
  readonly #plain: boolean;
  #waiting: Group[] = [];
  #scheduled = false;
  readonly #sending: Set<Promise<void>> = new Set();
  #pumping: Promise<void> | undefined;
  readonly #closing: AbortController = new AbortController();

  constructor(
    driver: RedisDriver,
    place: { readonly list: string; readonly channel: string },
    settings: OutboxSettings,
    counters: Counters,
  ) {
    this.#driver = driver;
    this.#list = place.list;
    this.#channel = place.channel;
    this.#settings = settings;
    this.#counters = counters;
    this.#plain = settings.expireMs === undefined && settings.maxLength === Number.POSITIVE_INFINITY;
  }

  /** Sends these one after the other, whole or not at all, and resolves to the length of the list after the last. */
  send(raws: readonly Encoded[], signal?: AbortSignal): Promise<number> {
    if (this.#closing.signal.aborted) return Promise.reject(new ChannelClosedError(this.#channel));
    if (signal?.aborted) return Promise.reject(abortion(signal));
    return new Promise((resolve, reject) => {
      this.#waiting.push(
        signal === undefined
          ? { raws, signal, resolve, reject }
          : this.#abortable({ raws, signal, resolve, reject }),
      );
      this.#schedule();
    });
  }

  /** Sends what was called, and turns away what waits for room. Resolves when nothing is under way. */
  async close(): Promise<void> {
    if (this.#scheduled) this.#flush();
    this.#closing.abort();
    await this.#pumping;
    await Promise.all(this.#sending);
  }

  #schedule(): void {
    if (this.#scheduled || this.#pumping !== undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      if (this.#scheduled) this.#flush();
    });
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#settings.overflow === 'wait' && !this.#plain) {
      this.#pumping ??= this.#pump().finally(() => {
        this.#pumping = undefined;
        if (this.#waiting.length > 0) this.#schedule();
      });
      return;
    }
    while (this.#waiting.length > 0) {
      const sending = this.#sendOnce(this.#next()).then(() => void this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  async #sendOnce(groups: readonly Group[]): Promise<void> {
    const full = await this.#write(groups);
    for (const { reject } of full) reject(new ChannelFullError(this.#list, this.#settings.maxLength));
  }

  /** Sends what waits, as far as there is room, until nothing waits. One write at a time, so that nothing overtakes. */
  async #pump(): Promise<void> {
    let waitMs = LEAST_WAIT_MS;
    while (this.#waiting.length > 0) {
      const groups = this.#next();
      const full = await this.#write(groups);
      if (full.length < groups.length) waitMs = LEAST_WAIT_MS;
      const { signal: closing } = this.#closing;
      for (const { signal, reject } of full) {
        if (signal?.aborted) reject(abortion(signal));
        else if (closing.aborted) reject(new ChannelClosedError(this.#channel));
      }
      if (closing.aborted) continue;
      this.#waiting.unshift(...full.filter(({ signal }) => !signal?.aborted));
      if (full.length === 0) continue;
      await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: closing }).catch(() => undefined);
      waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
    }
  }

  /** The groups of the next command. */
  #next(): readonly Group[] {
    let count = 0;
    let size = 0;
    let bytes = 0;
    for (const { raws } of this.#waiting) {
      size += raws.length;
      for (const raw of raws) bytes += raw.length;
      if (count > 0 && (size > MOST_AT_ONCE || bytes > MOST_BYTES)) break;
      count++;
    }
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  /** Settles all that were sent or failed, and gives those for which there was no room. */
  async #write(groups: readonly Group[]): Promise<readonly Group[]> {
    try {
      return this.#plain ? await this.#push(groups) : await this.#run(groups);
    } catch (error) {
      for (const { reject } of groups) reject(error);
      return [];
    }
  }

  async #push(groups: readonly Group[]): Promise<readonly Group[]> {
    const args: CommandArgument[] = ['RPUSH', this.#list];
    for (const { raws } of groups) for (const raw of raws) args.push(raw);
    let length = Number(await this.#driver.send(args)) - (args.length - 2);
    for (const { raws, resolve } of groups) {
      length += raws.length;
      resolve(length);
    }
    return [];
  }

  async #run(groups: readonly Group[]): Promise<readonly Group[]> {
    const { expireMs, maxLength, overflow } = this.#settings;
    const most = maxLength === Number.POSITIVE_INFINITY ? 0 : maxLength;
    const args: CommandArgument[] = [expireMs === null ? 'persist' : (expireMs ?? ''), most, overflow];
    args.push(groups.length);
    for (const { raws } of groups) args.push(raws.length);
    for (const { raws } of groups) for (const raw of raws) args.push(raw);
    const lengths = (await this.#driver.run(SEND, [this.#list], args)) as readonly number[];
    this.#counters.dropped += lengths.at(-1) ?? 0;
    const full: Group[] = [];
    for (const [i, group] of groups.entries()) {
      const length = lengths[i] as number;
      if (length < 0) full.push(group);
      else group.resolve(most > 0 ? Math.min(length, most) : length);
    }
    return full;
  }

  /** A group that goes when its signal says so, unless it is under way. */
  #abortable({ raws, signal, resolve, reject }: Group): Group {
    const leave = (): void => {
      const index = this.#waiting.indexOf(group);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      group.reject(abortion(signal));
    };
    const settled = <Value>(settle: (value: Value) => void) => {
      return (value: Value): void => {
        signal?.removeEventListener('abort', leave);
        settle(value);
      };
    };
    const group: Group = { raws, signal, resolve: settled(resolve), reject: settled(reject) };
    signal?.addEventListener('abort', leave);
    return group;
  }
}

function abortion(signal: AbortSignal | undefined): AbortError {
  return new AbortError('a message', { maybeExecuted: false, phase: 'queued', cause: signal?.reason });
}
