import type { RedisDriver } from '@redlane/client';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a driver is to connect. */
export type Place =
  | ({ readonly topology: 'standalone' } & Address)
  | { readonly topology: 'sentinel'; readonly name: string; readonly sentinels: readonly Address[] }
  | { readonly topology: 'cluster'; readonly nodes: readonly Address[] };

/** What a test asks of a driver's settings, in whatever way the driver has them. */
export interface Wishes {
  /** Deadline of a call. @default 2_000 */
  readonly timeoutMs: number;
  /** A peer that owes something and says nothing for so long is given up. @default 1_000 */
  readonly silenceMs: number;
  /** Leases at most. @default 5 */
  readonly leases: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** A driver, and what its user has passed in. */
export interface MadeDriver {
  readonly driver: RedisDriver;
  /** Whether what was passed in still works; left out when nothing was. */
  readonly given?: { ping(): Promise<unknown>; end(): Promise<unknown> };
}

export type DriverMaker = (place: Place, wishes: Wishes) => MadeDriver | Promise<MadeDriver>;

export const DEFAULT_WISHES: Wishes = {
  timeoutMs: 2_000,
  silenceMs: 1_000,
  leases: 5,
  username: undefined,
  password: undefined,
};
