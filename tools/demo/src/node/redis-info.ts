import type { Panel } from '../contract.js';

/** Three of the lines of INFO. */
export function parseInfo(info: string): Panel['redis'] {
  const field = (name: string): string | undefined =>
    info
      .split(/\r?\n/)
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1);
  return {
    version: field('valkey_version') ?? field('redis_version') ?? 'unknown',
    memory: field('used_memory_human') ?? 'unknown',
    clients: Number(field('connected_clients') ?? 0),
  };
}
