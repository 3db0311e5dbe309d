import type { ReplyText } from './run.js';

// Replies of one command, as RESP3, RESP2 and drivers give them, in one shape. What a command says is taken on trust here:
// a server that answers something else has a bug that no check would mend.

/** A number of things; `number` always, for there are never 2^53 of them. */
export function count(reply: unknown): number {
  return Number(reply);
}

/** An integer that may be beyond 2^53. */
export function integer(reply: unknown): number | bigint {
  return reply as number | bigint;
}

/** 1, or `true` where a server says so. */
export function flag(reply: unknown): boolean {
  return Number(reply) === 1;
}

export function flags(reply: unknown): boolean[] {
  return (reply as unknown[]).map(flag);
}

export function ok(): 'OK' {
  return 'OK';
}

/** `OK`, or nothing when a condition was not met. */
export function okOrNothing(reply: unknown): 'OK' | undefined {
  return reply === null ? undefined : 'OK';
}

export function text<Text extends ReplyText>(reply: unknown): Text {
  return reply as Text;
}

export function textOrNothing<Text extends ReplyText>(reply: unknown): Text | undefined {
  return reply === null ? undefined : (reply as Text);
}

export function countOrNothing(reply: unknown): number | undefined {
  return reply === null ? undefined : count(reply);
}

export function texts<Text extends ReplyText>(reply: unknown): Text[] {
  return reply as Text[];
}

export function textsOrNothing<Text extends ReplyText>(reply: unknown): (Text | undefined)[] {
  return (reply as unknown[]).map(textOrNothing<Text>);
}

/** A set is one in RESP3, and an array elsewhere. */
export function textSet<Text extends ReplyText>(reply: unknown): Set<Text> {
  return reply instanceof Set ? (reply as Set<Text>) : new Set(reply as Text[]);
}

/** Pairs: a map, an array of pairs, or a flat array. */
export function pairs(reply: unknown): (readonly [unknown, unknown])[] {
  if (reply === null) return [];
  if (reply instanceof Map) return [...reply];
  const items = reply as unknown[];
  if (Array.isArray(items[0])) return items as (readonly [unknown, unknown])[];
  return Array.from({ length: items.length >> 1 }, (_, i) => [items[2 * i], items[2 * i + 1]] as const);
}

export function textMap<Text extends ReplyText>(reply: unknown): Map<Text, Text> {
  return new Map(pairs(reply) as (readonly [Text, Text])[]);
}

/** A floating-point number: a double in RESP3, a string elsewhere. */
export function float(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  const written = plainText(reply);
  const infinite = /^([+-]?)inf/i.exec(written);
  if (infinite === null) return Number(written);
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

export function floatOrNothing(reply: unknown): number | undefined {
  return reply === null ? undefined : float(reply);
}

export function floatsOrNothing(reply: unknown): (number | undefined)[] {
  return (reply as unknown[]).map(floatOrNothing);
}

/** A member of a sorted set with its score. */
export type Scored<Text extends ReplyText = string> = [member: Text, score: number];

export function scored<Text extends ReplyText>(reply: unknown): Scored<Text>[] {
  return pairs(reply).map(([member, score]) => [member as Text, float(score)]);
}

/** Names that are ASCII by their nature, as ids and types: text even where replies are bytes. */
export function plainText(reply: unknown): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : String(reply);
}

export function plainTextOrNothing(reply: unknown): string | undefined {
  return reply === null ? undefined : plainText(reply);
}
