import { describe, expect, it } from 'vitest';
import { helloInfo, resp2Info } from './server-info.js';

const fields: [string, string | number][] = [
  ['server', 'valkey'],
  ['version', '8.1.0'],
  ['proto', 3],
  ['id', 7],
  ['mode', 'cluster'],
  ['role', 'replica'],
  ['availability_zone', 'b'],
];
const info = { protocol: 3, id: 7, name: 'valkey', version: '8.1.0', mode: 'cluster', role: 'replica' };
const bytes = (text: string | number) => (typeof text === 'string' ? Buffer.from(text) : text);

describe('helloInfo', () => {
  it.each<[string, Parameters<typeof helloInfo>[0]]>([
    ['a map', new Map(fields)],
    ['an object', Object.fromEntries(fields)],
    ['pairs', fields],
    ['a flat array', fields.flat()],
    ['bytes', fields.map(([key, value]) => [bytes(key), bytes(value)])],
  ])('reads %s, whatever more there is', (_, reply) => {
    expect(helloInfo(reply)).toEqual(info);
  });

  it('does without what is not there, as with a sentinel', () => {
    const reply = new Map<string, string | number>([
      ['proto', 2],
      ['mode', 'sentinel'],
    ]);
    expect(helloInfo(reply)).toEqual({
      protocol: 2,
      id: undefined,
      name: undefined,
      version: undefined,
      mode: 'sentinel',
      role: undefined,
    });
  });

  it.each([['OK'], [null], [undefined], [5], [new Map()], [[]], [Buffer.from('OK')]])(
    'takes %j for no hello',
    (reply) => {
      expect(helloInfo(reply)).toBeUndefined();
    },
  );
});

describe('resp2Info', () => {
  it('knows the connection by CLIENT ID, if that was answered', () => {
    expect(resp2Info(9)).toMatchObject({ protocol: 2, id: 9 });
    expect(resp2Info(undefined)).toMatchObject({ protocol: 2, id: undefined });
  });
});
