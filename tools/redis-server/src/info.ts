import type { RedisServer } from './redis-server.js';
import type { Reply } from './reply.js';

/** The `name:value` lines of INFO, CLUSTER INFO and their like. */
export function parseInfo(reply: Reply): Map<string, string> {
  const lines = String(reply).split(/\r?\n/);
  return new Map(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

/** One section of a server's INFO. */
export async function info(server: RedisServer, section: string): Promise<Map<string, string>> {
  return parseInfo(await server.command('INFO', section));
}

/** Flat pairs, as RESP2 has maps, by name. */
export function pairs(reply: Reply): Map<string, string> {
  const flat = Array.isArray(reply) ? reply : [];
  return new Map(
    flat.flatMap((name, at) => (at % 2 === 0 ? [[String(name), String(flat[at + 1])] as const] : [])),
  );
}
