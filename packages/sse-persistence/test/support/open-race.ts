import type { RedisDriver } from '@redlane/client';
import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';
import { Message, MessageQueueListener, SSEChannel, type SSEChannelOptions } from '../../src/index.js';
import { EventReader, type ReceivedEvent } from './event-reader.js';

const LISTENERS = ['ann', 'bob', 'eve'] as const;
const END = 'end';
const MOST_TRIES = 2_000;

interface Sent {
  readonly id: string;
  readonly data: string;
  /** The only listener that gets it. */
  readonly to?: string;
  /** The only listener that does not. */
  readonly exclude?: string;
}

export interface OpenRace {
  readonly server: RedisServer;
  /** Of processes that serve responses; they share nothing but the server. */
  readonly drivers: readonly [RedisDriver, RedisDriver];
  /** Of a process that serves none. */
  readonly writer: RedisDriver;
  readonly seed: number;
}

/**
 * Messages are sent while clients open responses, go away in the middle of them, and come back to another process: each gets
 * what is for it behind the id that it came with, in order and once, and no reset.
 */
export async function checkOpenRace({ server, drivers, writer, seed }: OpenRace): Promise<void> {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const some = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const soon = (): Promise<void> =>
    new Promise((resolve) => (random() < 0.7 ? setImmediate(resolve) : setTimeout(resolve, below(3))));
  const options: SSEChannelOptions = {
    channelId: `race-${seed}`,
    sessions: { listenerPolicy: 'share' },
    repository: {
      log: { checkMs: 200, lingerMs: 0, pageSize: some([1, 3, 100]), ring: { size: some([0, 2, 256]) } },
    },
  };
  const channelOn = (driver: RedisDriver): SSEChannel => new SSEChannel({ ...options, driver });
  const nodes = drivers.map(channelOn);
  const sender = channelOn(writer);
  for (const id of LISTENERS) await sender.registerListener(new MessageQueueListener(id));

  const sent: Sent[] = [];
  const send = async (data: string): Promise<void> => {
    const message = new Message('m', data);
    const to = random() < 0.4 ? some(LISTENERS) : undefined;
    const exclude = to === undefined && random() < 0.2 ? some(LISTENERS) : undefined;
    const id =
      to === undefined ? await sender.broadcast(message, { exclude }) : await sender.dispatch(to, message);
    sent.push({ id: id as string, data, ...(to && { to }), ...(exclude && { exclude }) });
  };

  /** Reads up to the end, and returns what compares it with what was sent. */
  const follow = async (listener: string | undefined, onBegun: () => void): Promise<() => void> => {
    const isMine = ({ to, exclude }: Sent): boolean =>
      to === undefined ? exclude === undefined || exclude !== listener : to === listener;
    let id = sent.length > 0 && random() < 0.7 ? some(sent).id : undefined;
    let begun = id;
    const events: ReceivedEvent[] = [];
    for (let tries = 0; events.at(-1)?.data !== END; tries++) {
      if (tries === MOST_TRIES) throw new Error(`${listener} has not come to the end`);
      const leaveAfter = random() < 0.4 ? 1 + below(4) : Number.POSITIVE_INFINITY;
      const reader = await readResponse(some(nodes), { listener, id, onBegun }, leaveAfter);
      // Who was told to come back later has got no id.
      id = reader.lastEventId || undefined;
      begun ??= reader.first || undefined;
      events.push(...reader.events);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const offset = offsetOf(begun as string);
    return () => {
      const expected = sent.filter((one) => offsetOf(one.id) > offset && isMine(one));
      expected.sort((one, other) => offsetOf(one.id) - offsetOf(other.id));
      expect(events).toEqual(expected.map(({ id: place, data }) => ({ id: place, type: 'm', data })));
    };
  };

  const count = 10 + below(20);
  const killAt = random() < 0.2 ? below(count) : -1;
  const sending = (async () => {
    for (let i = 0; i < count; i++) {
      if (i === killAt) await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await (random() < 0.5 ? send(`${i}`) : Promise.all([send(`${i}`), send(`${i}+`)]));
      if (random() < 0.5) await soon();
    }
  })();
  const following: ReturnType<typeof follow>[] = [];
  const begins: Promise<void>[] = [];
  for (let i = 0; i < 4; i++) {
    const listener = some([undefined, ...LISTENERS]);
    begins.push(new Promise((resolve) => following.push(follow(listener, resolve))));
    await soon();
  }
  await sending;
  // Who has no id yet would never hear of an end before its beginning.
  await Promise.race([Promise.all(begins), Promise.all(following)]);
  sent.push({ id: (await sender.broadcast(new Message('m', END))) as string, data: END });
  for (const compare of await Promise.all(following)) compare();
  for (const channel of [...nodes, sender]) await channel.close();
}

interface Client {
  readonly listener: string | undefined;
  readonly id: string | undefined;
  /** It has an id. */
  onBegun(): void;
}

/** Reads until the end, or so many events. */
async function readResponse(
  channel: SSEChannel,
  { listener, id: lastEventId, onBegun }: Client,
  most: number,
): Promise<EventReader & { first?: string }> {
  const gone = new AbortController();
  const request = new Request('http://localhost/', {
    headers: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
    signal: gone.signal,
  });
  const response = await channel.toResponse(request, { listener });
  const reader: EventReader & { first?: string } = new EventReader(lastEventId);
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    reader.feed(Buffer.from(chunk));
    reader.first ??= reader.lastEventId;
    if (reader.lastEventId !== '') onBegun();
    if (reader.events.length >= most || reader.events.at(-1)?.data === END) break;
  }
  gone.abort();
  return reader;
}

function offsetOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('.') + 1));
}
