import { describe, it } from 'vitest';
import { checkOpenRace } from './support/open-race.js';
import { testServer } from './support/test-server.js';
import { ways } from './support/ways.js';

const { REDLANE_SLOW, REDLANE_SEED } = process.env;
const ROUNDS = REDLANE_SLOW === '1' ? 1_000 : 24;
/** Each on a channel of its own. */
const AT_ONCE = 8;

const server = await testServer();

describe.each(ways)('publish during open over $name', ({ open }) => {
  it(`loses and repeats nothing, and keeps the order, ${ROUNDS} times`, async () => {
    await using one = open(server);
    await using other = open(server);
    await using writer = open(server);
    const seed = Number(REDLANE_SEED ?? Math.floor(Math.random() * 2 ** 32));
    const check = async (round: number): Promise<void> => {
      try {
        const drivers = [one.driver, other.driver] as const;
        await checkOpenRace({ server, drivers, writer: writer.driver, seed: seed + round });
      } catch (error) {
        throw new Error(`failed; repeat it with REDLANE_SEED=${seed + round}`, { cause: error });
      }
    };
    for (let from = 0; from < ROUNDS; from += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => check(from + i)));
    }
  });
});
