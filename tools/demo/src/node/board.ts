import { RedisChannel } from '@redlane/channel';
import type { DriverSource, RedisClient } from '@redlane/client';
import { orderFromFields } from '../book/order-record.js';
import type { OrderEvent, Panel, Totals } from '../contract.js';
import type { Names } from '../names.js';
import type { Roster } from '../process-messages.js';
import type { Events } from './events.js';
import { parseInfo } from './redis-info.js';

/** An unfinished order on which nothing has happened for so long counts as lost; the longest fault takes a few seconds. */
const LOST_AFTER_MS = 30_000;

export interface BoardParts {
  readonly client: RedisClient;
  readonly source: DriverSource;
  readonly names: Names;
  readonly node: string;
  readonly nodes: readonly string[];
  readonly events: Events;
}

/**
 * What is to be seen of the desk. Orders and totals are read through the client-side cache: Redis says when they change, and
 * until then this process answers itself.
 */
export class Board implements AsyncDisposable {
  readonly #parts: BoardParts;
  readonly #watched: readonly { readonly label: string; readonly channel: RedisChannel }[];
  readonly #pushes: Record<string, number> = {};
  readonly #counting: Disposable;
  roster: Roster = { workers: [], nodes: [] };

  constructor(parts: BoardParts) {
    this.#parts = parts;
    const { client, source, names, nodes } = parts;
    const watch = (label: string, name: string, peer: 'client' | 'server') => ({
      label,
      channel: new RedisChannel(source, name, peer),
    });
    // A channel tells about one direction by each of its ends.
    this.#watched = [
      watch('counter', names.counter, 'server'),
      ...nodes.flatMap((node) => [
        watch(`kitchen/${node} jobs`, names.kitchen(node), 'server'),
        watch(`kitchen/${node} progress`, names.kitchen(node), 'client'),
      ]),
    ];
    this.#counting = client.registerPushCallback('*', ({ pushType }) => {
      this.#pushes[pushType] = (this.#pushes[pushType] ?? 0) + 1;
    });
  }

  async totals(): Promise<Totals> {
    const { client, names } = this.#parts;
    const [counts, lost] = await Promise.all([
      client.cached<Map<string, string>>('HGETALL', names.totals),
      client.call<number>('ZCOUNT', names.open, '-inf', Date.now() - LOST_AFTER_MS),
    ]);
    const count = (field: string): number => Number(counts.get(field) ?? 0);
    return { placed: count('placed'), finished: count('finished'), lost, duplicated: count('duplicated') };
  }

  /** The latest 200, oldest first. */
  async orders(): Promise<OrderEvent[]> {
    const { client, names } = this.#parts;
    const ids = await client.cached<string[]>('LRANGE', names.recent, 0, -1);
    const orders = await Promise.all(
      ids.map((id) => client.cached<Map<string, string>>('HGETALL', names.order(id))),
    );
    return orders.flatMap((fields) => orderFromFields(fields) ?? []);
  }

  async panel(): Promise<Panel> {
    const { client, events, node } = this.#parts;
    const [channels, presence, info] = await Promise.all([
      Promise.all(this.#watched.map(({ label, channel }) => figuresOf(label, channel))),
      events.presence(),
      client.call<string>('INFO'),
    ]);
    const { hits = 0, misses = 0, invalidations = 0 } = client.metrics().cache ?? {};
    return {
      node,
      channels,
      sessions: events.sessions,
      presence,
      cache: { hits, misses, invalidations },
      pushes: { ...this.#pushes },
      redis: parseInfo(info),
      ...this.roster,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#counting[Symbol.dispose]();
    await Promise.all(this.#watched.map(({ channel }) => channel.close()));
  }
}

async function figuresOf(name: string, channel: RedisChannel): Promise<Panel['channels'][number]> {
  const { receiving, returned, inProcess, deadLetters } = await channel.stats();
  return { name, depth: receiving + returned, inProcess, deadLetters };
}
