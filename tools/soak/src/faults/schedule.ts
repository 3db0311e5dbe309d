import { createHash } from 'node:crypto';
import { type CutKind, type Direction, type Faults, seededRandom } from '@redlane/redis-server';

/** Which of the connections that there are: so large a part, at least one, beginning at a random one. */
export interface Choice {
  readonly share: number;
  readonly from: number;
}

/** Something that happens to the connections of one proxy. */
export type ProxyFault =
  | { readonly kind: 'cut'; readonly by: CutKind; readonly of: Choice }
  | {
      readonly kind: 'cut-after';
      readonly by: CutKind;
      readonly bytes: number;
      readonly direction: Direction;
      readonly of: Choice;
    }
  | { readonly kind: 'half-open'; readonly direction: Direction | 'both'; readonly of: Choice }
  | { readonly kind: 'split' | 'drip' | 'delay'; readonly faults: Faults }
  | { readonly kind: 'refuse'; readonly by: 'CLOSED' | 'RST' };

/** Something that happens to the server. */
export type ServerFault =
  | { readonly kind: 'client-kill'; readonly share: number; readonly from: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'restart'; readonly signal: 'SIGTERM' | 'SIGKILL' };

/** It begins `atMs` after the start, or later where the one before took longer, and lasts so long. */
export type Planned<Fault> = Fault & { readonly atMs: number; readonly forMs: number };

/** All that is going to happen. */
export interface Schedule {
  readonly proxies: Readonly<Record<string, readonly Planned<ProxyFault>[]>>;
  readonly server: readonly Planned<ServerFault>[];
}

const MINUTE_MS = 60_000;

/** A run that lasts longer than it should, since the machine is slow, finds faults for so many times its duration. */
export const RESERVE = 3;

/** The faults of a run. They depend on nothing but the arguments, and those of a proxy not on which others there are. */
export function planFaults(seed: number, durationMs: number, proxies: readonly string[]): Schedule {
  return {
    proxies: Object.fromEntries(
      proxies.map((name) => [name, proxyFaults(seedOf(seed, name), RESERVE * durationMs)]),
    ),
    server: serverFaults(seedOf(seed, 'server'), durationMs),
  };
}

/** A seed of its own for each part of a run. */
export function seedOf(seed: number, part: string): number {
  return createHash('sha256').update(`${seed} ${part}`).digest().readUInt32LE();
}

/** What two schedules have in common if they are the same. */
export function fingerprint(schedule: Schedule): string {
  return createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 8);
}

function dice(seed: number): Dice {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  const one = <const T>(...choices: readonly T[]): T => choices[between(0, choices.length)] as T;
  return { random, between, one };
}

interface Dice {
  random(): number;
  between(low: number, high: number): number;
  one<const T>(...choices: readonly T[]): T;
}

function proxyFaults(seed: number, durationMs: number): Planned<ProxyFault>[] {
  const of = dice(seed);
  const faults: Planned<ProxyFault>[] = [];
  for (let atMs = of.between(100, 600); atMs < durationMs; ) {
    const fault = { atMs, ...proxyFault(of) };
    faults.push(fault);
    atMs += fault.forMs + of.between(100, 900);
  }
  return faults;
}

function proxyFault(dice: Dice): ProxyFault & { readonly forMs: number } {
  const { random, between, one } = dice;
  const by = one('FIN', 'RST');
  const of = { share: random(), from: random() };
  const direction = one('toServer', 'toClient');
  const roll = random();
  if (roll < 0.3) return { kind: 'cut', by, of, forMs: 0 };
  if (roll < 0.55) return { kind: 'cut-after', by, bytes: between(0, 4_000), direction, of, forMs: 0 };
  if (roll < 0.65) return { kind: 'half-open', direction: one(direction, 'both'), of, forMs: 2_000 };
  if (roll < 0.7) return { kind: 'refuse', by: one('CLOSED', 'RST'), forMs: between(50, 500) };
  const forMs = between(100, 800);
  if (roll < 0.8) return { kind: 'split', faults: { split: between(10, 300) }, forMs };
  if (roll < 0.9)
    return { kind: 'drip', faults: { drip: { bytes: between(500, 8_000), everyMs: 1 } }, forMs };
  return { kind: 'delay', faults: { delayMs: between(1, 20) }, forMs };
}

/** A restart in each minute, and one in a shorter run, between kills and pauses. */
function serverFaults(seed: number, durationMs: number): Planned<ServerFault>[] {
  const { random, between, one } = dice(seed);
  const endMs = RESERVE * durationMs;
  const slotMs = Math.min(MINUTE_MS, durationMs);
  const faults: Planned<ServerFault>[] = [];
  for (let slot = 0; (slot + 1) * slotMs <= endMs; slot++) {
    const signal = one('SIGTERM', 'SIGKILL');
    const atMs = Math.floor(slotMs * (slot + 0.3 + 0.4 * random()));
    faults.push({ kind: 'restart', signal, atMs, forMs: 0 });
  }
  for (let atMs = between(500, 2_000); atMs < endMs; ) {
    const forMs = random() < 0.25 ? between(50, 1_500) : 0;
    const fault: ServerFault =
      forMs > 0 ? { kind: 'pause' } : { kind: 'client-kill', share: random() * 0.6, from: random() };
    faults.push({ ...fault, atMs, forMs });
    atMs += forMs + between(1_000, 4_000);
  }
  return faults.sort((one, other) => one.atMs - other.atMs);
}
