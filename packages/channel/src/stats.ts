import type { RedisDriver } from '@redlane/client';
import type { ConsumerStats, ListConsumer } from '@redlane/client/list-consumer';
import type { ChannelCounters } from './counters.js';
import { unseal } from './envelope.js';
import type { Intake } from './intake.js';
import type { ServerClock } from './server-clock.js';

/** Figures of a channel, read one after the other while work goes on. */
export interface ChannelStats {
  /** Messages that this end has sent and nobody has taken. */
  readonly sending: number;
  /** Messages that wait for this end. */
  readonly receiving: number;
  /** Of those for this end: what came back and is delivered first. */
  readonly returned: number;
  /** Of those for this end: held by reliable receivers, all of them together. */
  readonly inProcess: number;
  /** Of those for this end. */
  readonly deadLetters: number;
  /** The reliable receivers of this end. */
  readonly consumers: readonly ConsumerStats[];
  /** Age of the oldest message that waits for this end, in ms; `undefined` when there is none, or it has no envelope. */
  readonly oldestAgeMs: number | undefined;
  /** This object. */
  readonly own: ChannelCounters & {
    /** Taken, and not handed out. */
    readonly buffered: number;
    /** Held: taken, and neither acked nor given back. */
    readonly held: number;
    /** Given to others, since this receiver counted as dead. */
    readonly lost: number;
  };
}

export interface StatsSource {
  readonly driver: RedisDriver;
  readonly sendListName: string;
  readonly consumer: Pick<ListConsumer, 'stats'>;
  readonly clock: ServerClock | undefined;
  readonly counters: ChannelCounters;
  readonly intake: Pick<Intake, 'buffered' | 'peek'>;
}

export async function readStats(source: StatsSource): Promise<ChannelStats> {
  const { driver, sendListName, consumer, counters, intake } = source;
  // Before anything is asked: what is taken meanwhile was counted as waiting.
  const here = intake.buffered;
  const [stats, sending, oldestAgeMs] = await Promise.all([
    consumer.stats(),
    driver.send(['LLEN', sendListName]),
    ageOfOldest(source),
  ]);
  const { waiting, returned, inProcess, deadLetters, consumers, own } = stats;
  const { buffered, held, lost } = own;
  return {
    sending: Number(sending),
    receiving: waiting,
    returned,
    inProcess,
    deadLetters,
    consumers,
    oldestAgeMs,
    own: { ...counters, buffered: buffered + here, held, lost },
  };
}

async function ageOfOldest({ clock, intake }: StatsSource): Promise<number | undefined> {
  if (clock === undefined) return undefined;
  const raw = await intake.peek('oldest');
  if (raw === undefined) return undefined;
  try {
    const { header } = unseal(raw);
    return header === undefined ? undefined : Math.max(0, (await clock.now()) - header.at);
  } catch {
    return undefined;
  }
}
