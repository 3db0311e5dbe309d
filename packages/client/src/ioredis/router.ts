import type { CommandArgument } from '@redlane/resp3-core';
import type { Call, CallSpec } from './call.js';
import type { Seed } from './duplicate.js';
import type { Lane } from './lane.js';
import type { Link } from './link.js';

/** A server to connect to. */
export interface Place {
  /** Tells servers apart; `''` when there is only one. */
  readonly key: string;
  readonly seed: Seed;
}

export interface ScanTarget {
  readonly key: string;
  /** For a call that goes to this server and no other. */
  readonly node: CallSpec['node'];
}

export interface RouterEvents {
  readonly onReady: () => void;
  readonly onDown: (cause: Error) => void;
  /** It has given up. */
  readonly onError: (cause: Error) => void;
  /** Slots may belong to other nodes by now. */
  readonly onRefresh: () => void;
}

/** Where a redirection points to. */
export interface Redirection {
  readonly slot: number;
  readonly key: string;
  /** For one command only: the slot is on its way. */
  readonly asking: boolean;
}

/** Knows which server is to be asked. */
export interface Router {
  readonly topology: 'standalone' | 'sentinel' | 'cluster';
  /** Calls that wait to be written. */
  readonly waiting: number;
  /** Why there is no connection: what ended the last one, or the last attempt; `undefined` while nothing is in the way. */
  readonly problem: Error | undefined;
  submit(call: Call): void;
  /** Begins to connect. */
  start(): void;
  /** Slot of all these keys. @throws CrossSlotError when there are several */
  slotOf(commands: readonly (readonly CommandArgument[])[]): number | undefined;
  /** The server that has the slot, as far as is known. */
  nodeKeyOf(slot: number | undefined): string | undefined;
  /** The server that has the slot; of any, one that is at hand. */
  place(slot: number | undefined): Promise<Place>;
  placeAt(key: string): Place;
  /** Any server, preferably another one than this. */
  anyPlace(not: string | undefined): Promise<Place>;
  /** Whether this server is still one to be subscribed at. */
  isCurrent(key: string): boolean;
  /** Before the next attempt to connect, in ms; `undefined` to give up. */
  retryDelay(attempt: number): number | undefined;
  /** The lane to a server, while it is one of ours. */
  laneAt(key: string): Lane | undefined;
  /** What an error reply says about where to go, if it does; the router remembers it. */
  redirected(error: Error): Redirection | undefined;
  /** Asks anew which server has which slot. */
  refresh(): Promise<void>;
  scanTargets(): Promise<readonly ScanTarget[]>;
  links(): readonly Link[];
  close(): Promise<void>;
}
