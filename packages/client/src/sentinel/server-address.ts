import { addressOf } from '../address.js';

/** Where a server or a sentinel listens. */
export interface ServerAddress {
  /** Name or IP address. */
  readonly host: string;
  readonly port: number;
}

/** Gives the server's address. It is asked before every connect; the signal is aborted when that attempt is given up. */
export type AddressProvider = (signal: AbortSignal) => ServerAddress | Promise<ServerAddress>;

/** Gives the address to dial for one that a sentinel has told. */
export type AddressMapper = (address: ServerAddress) => ServerAddress;

/** The same text for the same address: for messages, and to tell addresses apart. */
export function addressText({ host, port }: ServerAddress): string {
  return addressOf({ host, port, path: undefined });
}

/** Whether a value that came from outside can be dialled. */
export function isServerAddress(value: unknown): value is ServerAddress {
  if (typeof value !== 'object' || value === null) return false;
  const { host, port } = value as Record<string, unknown>;
  return typeof host === 'string' && /^[^\s/]+$/.test(host) && isPort(port);
}

export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}
