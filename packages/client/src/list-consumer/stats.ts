import type { DriverBatch, DriverReply } from '../driver.js';
import type { ConsumerContext } from './options.js';

export interface ConsumerStats {
  readonly id: string;
  /** What it holds or has staged. */
  readonly inProcess: number;
  /** For how long it counts as alive without another heartbeat, in ms; negative: dead for so long. */
  readonly aliveForMs: number;
}

/** Figures of a list and all its consumers, read one after the other while work goes on. */
export interface ListConsumerStats {
  /** Elements in the source. */
  readonly waiting: number;
  /** Elements that came back and are delivered before the source. */
  readonly returned: number;
  /** Held by consumers, by all of them together. */
  readonly inProcess: number;
  readonly deadLetters: number;
  readonly consumers: readonly ConsumerStats[];
  /** This consumer: what it holds, what of that it has not handed out, and what was given to others in its absence. */
  readonly own: { readonly held: number; readonly buffered: number; readonly lost: number };
}

export async function readStats(
  { driver, source, keys }: ConsumerContext,
  own: ListConsumerStats['own'],
): Promise<ListConsumerStats> {
  const [waiting, returned, deadLetters, members, time] = repliesOf(
    await driver.batch([
      ['LLEN', source],
      ['ZCARD', keys.retry],
      ['LLEN', keys.dead],
      ['ZRANGE', keys.consumers, 0, -1, 'WITHSCORES'],
      ['TIME'],
    ]),
  );
  const [seconds = 0, micros = 0] = (time as string[]).map(Number);
  const now = seconds * 1_000 + Math.floor(micros / 1_000);
  const pairs = members as string[];
  const ids = pairs.filter((_, i) => i % 2 === 0);
  const sizes =
    ids.length === 0
      ? []
      : repliesOf(
          await driver.batch(
            ids.flatMap((id) => [
              ['HLEN', keys.work(id)],
              ['LLEN', keys.staging(id)],
            ]),
          ),
        );
  const consumers = ids.map((id, i) => ({
    id,
    inProcess: Number(sizes[2 * i]) + Number(sizes[2 * i + 1]),
    aliveForMs: Number(pairs[2 * i + 1]) - now,
  }));
  return {
    waiting: Number(waiting),
    returned: Number(returned),
    inProcess: consumers.reduce((sum, { inProcess }) => sum + inProcess, 0),
    deadLetters: Number(deadLetters),
    consumers,
    own,
  };
}

/** @throws the first error among the replies */
function repliesOf(batch: DriverBatch): readonly DriverReply[] {
  if (batch.aborted) return [];
  for (const reply of batch.replies) if (reply instanceof Error) throw reply;
  return batch.replies as readonly DriverReply[];
}
