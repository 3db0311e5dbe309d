import { type RedisError, type RespValue, VerbatimString } from '@redlane/resp3-core';

/** Who answers on a connection. What RESP2 does not tell is `undefined`. */
export interface ServerInfo {
  readonly protocol: 2 | 3;
  /** The server's number for this connection; `undefined` when it does not tell. */
  readonly id: number | undefined;
  /** `redis` or `valkey`; a Valkey may call itself `redis`. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** `standalone`, `cluster` or `sentinel`. */
  readonly mode: string | undefined;
  /** `master` or `replica`; a sentinel has none. */
  readonly role: string | undefined;
}

/** Reads the reply to HELLO, in whatever shape maps come; `undefined` when it is none. Unknown fields do no harm. */
export function helloInfo(reply: RespValue | RedisError | undefined): ServerInfo | undefined {
  const fields = fieldsOf(reply);
  if (fields === undefined) return undefined;
  const proto = fields.get('proto');
  if (proto !== 2 && proto !== 3) return undefined;
  return {
    protocol: proto,
    id: connectionId(fields.get('id')),
    name: text(fields.get('server')),
    version: text(fields.get('version')),
    mode: text(fields.get('mode')),
    role: text(fields.get('role')),
  };
}

/** What is known when there was no HELLO: at most the reply to CLIENT ID. */
export function resp2Info(id: RespValue | RedisError | undefined): ServerInfo {
  return {
    protocol: 2,
    id: connectionId(id),
    name: undefined,
    version: undefined,
    mode: undefined,
    role: undefined,
  };
}

function connectionId(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A map's fields, in whatever shape maps come; `undefined` when it is none. */
export function fieldsOf(reply: unknown): Map<string | undefined, unknown> | undefined {
  if (reply instanceof Map) return fromPairs([...reply]);
  if (Array.isArray(reply)) {
    if (reply.every((pair) => Array.isArray(pair) && pair.length === 2)) return fromPairs(reply);
    const pairs = Array.from({ length: reply.length >> 1 }, (_, i) => [reply[2 * i], reply[2 * i + 1]]);
    return fromPairs(pairs);
  }
  if (typeof reply !== 'object' || reply === null || ArrayBuffer.isView(reply)) return undefined;
  return fromPairs(Object.entries(reply));
}

function fromPairs(pairs: readonly unknown[][]): Map<string | undefined, unknown> {
  return new Map(pairs.map(([key, value]) => [text(key), value]));
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof VerbatimString) return value.valueOf();
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}
