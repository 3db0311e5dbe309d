import { describe, expect, it } from 'vitest';
// What the types are is checked there, when the package is.
import type {} from '../src/commands/commands-of.test-d.js';
import { typeCost } from './support/type-cost.js';

const PLAIN = `import type { RedisClient } from '@redlane/client';
declare const client: RedisClient;
export const a: Promise<string | null> = client.call('GET', 'k');
`;

const TYPED = `import type { RedisClient } from '@redlane/client';
import { commandsOf } from '@redlane/client/commands';
declare const client: RedisClient;
const commands = commandsOf(client);
const bytes = commandsOf(client, { replies: 'bytes' });
export const a: Promise<string | undefined> = commands.get('k');
export const b = commands.set('k', 'v', { ex: 10, nx: true });
export const c = commands.hset('h', { a: 1 });
export const d = commands.hgetall('h');
export const e = commands.zrange('z', 0, -1, { withScores: true });
export const f = commands.xadd('x', '*', { a: 1 }, { maxLen: 10 });
export const g = commands.xread({ x: 0 });
export const h = commands.clientList();
export const i = commands.jsonGet<string>('doc', '$');
export const j = bytes.mget('a', 'b');
export const k = bytes.lpop('l', 2);
`;

/** Measured 1,932 and 1,584; TypeScript 5.9. The counts do not depend on the machine. */
const MOST_TYPES = 2_600;
const MOST_INSTANTIATIONS = 2_200;

describe('the price of the types', () => {
  it('is that of a few hundred names, not of a few hundred signatures', () => {
    const plain = typeCost(PLAIN);
    const typed = typeCost(TYPED);
    const extra = {
      types: typed.types - plain.types,
      instantiations: typed.instantiations - plain.instantiations,
    };
    expect(extra.types).toBeGreaterThan(500);
    expect(extra.types).toBeLessThan(MOST_TYPES);
    expect(extra.instantiations).toBeLessThan(MOST_INSTANTIATIONS);
  });
});
