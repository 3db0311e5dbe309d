import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { RedisServerError } from './errors.js';

export const loopback = '127.0.0.1';

/** A cluster node's bus listens this much above its port, which is the default of every version. */
const busOffset = 10_000;

/** Below the ports that Linux and macOS give to outgoing connections, and the bus ports too. */
const lowest = 12_000;
const count = 10_000;

/**
 * Picks a port that is free at this moment, at random, so that test runs side by side rarely meet. Whoever listens on it
 * must still be ready to find it taken, and ask for another.
 *
 * @throws {@link RedisServerError} `NO_FREE_PORT`
 */
export async function freePort({ withBus = false } = {}): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = lowest + randomInt(count);
    if ((await isFree(port)) && (!withBus || (await isFree(port + busOffset)))) return port;
  }
  throw new RedisServerError(
    'NO_FREE_PORT',
    `no free port was found between ${lowest} and ${lowest + count - 1}.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: loopback, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
