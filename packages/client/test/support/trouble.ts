import type { FaultProxy, Faults } from '@redlane/redis-server';
import type { Progress } from './progress.js';

export interface Trouble {
  readonly proxy: FaultProxy;
  readonly random: () => number;
  /** Of the commands that go through the proxy. */
  readonly progress: Progress;
  /** How many commands there will be. */
  readonly commands: number;
  /** How often connections are to be broken meanwhile. */
  readonly breaks: number;
}

/**
 * Troubles the connections while commands go through: slows them down, splits their bytes, cuts them at random bytes, and
 * makes them half-open, spread evenly over the commands.
 */
export async function makeTrouble({ proxy, random, progress, commands, breaks }: Trouble): Promise<void> {
  const upTo = (bound: number): number => Math.floor(random() * bound);
  const nuisances: (() => Faults)[] = [
    () => ({}),
    () => ({ split: 20 + upTo(300) }),
    () => ({ drip: { bytes: 5_000 + upTo(20_000), everyMs: 1 } }),
    () => ({ delayMs: upTo(4) }),
  ];
  for (let i = 1; i <= breaks; i++) {
    proxy.set(nuisances[upTo(nuisances.length)]?.() ?? {});
    await progress.until(Math.floor((commands / (breaks + 1)) * i));
    const again = proxy.waitForConnection({ timeoutMs: 20_000 });
    const by = random() < 0.5 ? 'FIN' : 'RST';
    const direction = random() < 0.5 ? 'toServer' : 'toClient';
    const kind = upTo(4);
    // Only those that are there: the next one must come up.
    if (kind === 0) proxy.cut(by);
    else {
      const fault: Faults = kind === 1 ? { stalled: true } : { cutAfter: { bytes: upTo(4000), by } };
      for (const connection of proxy.connections) connection.set(fault, direction);
    }
    await again;
  }
  proxy.set({});
}
