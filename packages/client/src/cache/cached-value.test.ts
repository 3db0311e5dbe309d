import { RedisError, type RespValue, VerbatimString } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import { handedOut, kept, ownText } from './cached-value.js';
import { entrySize } from './value-size.js';

const object = Object.assign(Object.create(null) as Record<string, RespValue>, { f: ['x'] });
const values: RespValue[] = [
  'text',
  'häßlich',
  '',
  12,
  3.5,
  2n ** 70n,
  true,
  null,
  Buffer.from([0, 0xff]),
  ['a', ['b', null]],
  new Map<RespValue, RespValue>([
    ['f', 'v'],
    ['g', ['w']],
  ]),
  new Set(['m', 'n']),
  object,
  new VerbatimString('text', 'txt'),
  [[Buffer.from('field'), Buffer.from('value')]],
];

describe('a value that is kept or handed out', () => {
  it.each(values)('is the same as before: %o', (value) => {
    expect(kept(value)).toEqual(value);
    expect(handedOut(value)).toEqual(value);
    expect(entrySize('k', 'GET', value)).toBeGreaterThan(0);
  });

  it.each([kept, handedOut])('shares nothing that can be changed', (copy) => {
    const before = [Buffer.from('abc'), ['a'], new Map([['f', ['v']]]), new Set(['m']), object];
    const [bytes, list, map, set, record] = copy(before) as typeof before as [
      Buffer,
      string[],
      Map<string, string[]>,
      Set<string>,
      { f: string[] },
    ];
    bytes[0] = 0;
    list.push('b');
    map.get('f')?.push('w');
    map.delete('f');
    set.clear();
    record.f?.push('y');
    expect(before).toEqual([
      Buffer.from('abc'),
      ['a'],
      new Map([['f', ['v']]]),
      new Set(['m']),
      { f: ['x'] },
    ]);
  });

  it('keeps no more memory than its own bytes', () => {
    const chunk = Buffer.alloc(65_536, 'x');
    const own = kept(chunk.subarray(10, 20)) as Uint8Array;
    expect(own.buffer.byteLength).toBe(10);
  });

  it('has text that is equal, whatever is in it', () => {
    for (const text of ['', 'ascii', 'é', '漢字', '\udc00\u00ff\u0080', '😀'])
      expect(ownText(text)).toBe(text);
  });
});

describe('the size of an entry', () => {
  it('counts what is inside', () => {
    const small = entrySize('k', 'GET', 'v') ?? 0;
    expect(entrySize('k', 'GET', 'v'.repeat(1001))).toBe(small + 1000);
    expect(entrySize('k', 'GET', 'é'.repeat(1001))).toBeGreaterThan(small + 2000);
    expect(entrySize('k'.repeat(1001), 'GET', 'v')).toBe(small + 1000);
    const list = entrySize(
      'k',
      'LRANGE',
      Array.from({ length: 100 }, () => 'x'.repeat(100)),
    );
    expect(list).toBeGreaterThan(10_000);
  });

  it('is unknown where an error is inside, which is not kept', () => {
    expect(entrySize('k', 'JSON.GET', ['a', [new RedisError('ERR broken')]])).toBeUndefined();
  });
});
