import { type RespValue, VerbatimString } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import { resp2Bytes, resp2Reply } from './reply-shapes.js';

const command = (line: string): string[] => line.split(' ');

describe('resp2Reply', () => {
  it.each<[string, RespValue, unknown]>([
    ['GET k', 'v', 'v'],
    ['GET k', null, null],
    ['INCR n', 5, 5],
    ['INCR n', 9007199254740993n, 9007199254740993n],
    ['INCR n', -9007199254740993n, -9007199254740993n],
    ['ANY', 1.5, '1.5'],
    ['ANY', Number.POSITIVE_INFINITY, 'inf'],
    ['ANY', Number.NEGATIVE_INFINITY, '-inf'],
    ['ANY', Number.NaN, 'nan'],
    ['ANY', true, 1],
    ['ANY', [false, [true]], [0, [1]]],
    ['ANY', 12n, '12'],
    ['ANY', 2n ** 70n, String(2n ** 70n)],
    ['ANY', new VerbatimString('text', 'txt'), 'text'],
    ['SMEMBERS s', new Set(['a', 'b']), ['a', 'b']],
    ['HGETALL h', new Map([['f', 'v']]), ['f', 'v']],
    ['hgetall h', new Map(), []],
    [
      'XINFO GROUPS x',
      [
        new Map<RespValue, RespValue>([
          ['name', 'g'],
          ['lag', null],
        ]),
      ],
      [['name', 'g', 'lag', null]],
    ],
    ['ZSCORE z a', 1, '1'],
    ['ZSCORE z a', -0, '-0'],
    ['ZMSCORE z a b', [1, null], ['1', null]],
    ['ZADD z 1 a', 1, 1],
    ['ZADD z nx incr 1 a', 1, '1'],
    ['ZADD z NX CH 1 INCR', 1, 1],
    [
      'ZRANGE z 0 -1 WITHSCORES',
      [
        ['a', 1],
        ['b', 2.5],
      ],
      ['a', '1', 'b', '2.5'],
    ],
    ['ZRANGE z 0 -1', ['a', 'b'], ['a', 'b']],
    ['ZPOPMIN z', ['a', 1], ['a', '1']],
    ['ZPOPMIN z 1', [['a', 1]], ['a', '1']],
    ['ZMPOP 1 z MIN', ['z', [['a', 1]]], ['z', [['a', '1']]]],
    ['BZPOPMIN z 0', ['z', 'a', 1], ['z', 'a', '1']],
    ['ZRANK z a', 0, 0],
    ['ZRANK z a WITHSCORE', [0, 3], [0, '3']],
    ['HRANDFIELD h 2 WITHVALUES', [['f', 'v']], ['f', 'v']],
    ['GEOPOS g a b', [[0, 2.5], null], [['0', '2.5'], null]],
    [
      'GEOSEARCH g FROMMEMBER a BYRADIUS 1 m WITHCOORD WITHHASH',
      [['a', 3471579339700058, [0, 1]]],
      [['a', 3471579339700058, ['0', '1']]],
    ],
    ['GEOSEARCH g FROMMEMBER a BYRADIUS 1 m', ['a'], ['a']],
    ['XREAD STREAMS x 0', new Map([['x', [['1-1', ['f', 'v']]]]]), [['x', [['1-1', ['f', 'v']]]]]],
    ['XREAD STREAMS x 0', [['x', [['1-1', ['f', 'v']]]]], [['x', [['1-1', ['f', 'v']]]]]],
    [
      'MEMORY STATS',
      new Map<RespValue, RespValue>([
        ['fragmentation', 2],
        ['keys.count', 2],
      ]),
      ['fragmentation', '2', 'keys.count', 2],
    ],
    ['MEMORY USAGE k', 56, 56],
  ])('gives the reply to %s', (line, reply, expected) => {
    const shaped = resp2Reply(command(line), reply);
    expect(shaped).toEqual(expected);
    // What is in RESP2's shape stays as it is.
    expect(resp2Reply(command(line), shaped as RespValue)).toEqual(expected);
  });

  it('knows commands in bytes', () => {
    expect(resp2Reply([Buffer.from('zscore'), 'z', 'a'], 1)).toBe('1');
  });
});

describe('resp2Bytes', () => {
  it('gives bytes only, whatever the type', () => {
    const raw = new Uint8Array([0xff]);
    const shape = (line: string, reply: RespValue) => resp2Bytes(command(line), reply);
    expect(shape('SET k v', 'OK')).toEqual(Buffer.from('OK'));
    expect(shape('ZSCORE z a', 1.5)).toEqual(Buffer.from('1.5'));
    expect(shape('GET k', raw)).toBe(raw);
    // In bytes mode the decoder gives maps as pairs.
    expect(shape('HGETALL h', [[raw, raw]])).toEqual([raw, raw]);
    expect(shape('XREAD STREAMS x 0', [[raw, [[raw, [raw, raw]]]]])).toEqual([[raw, [[raw, [raw, raw]]]]]);
    expect(shape('ZRANGE z 0 -1 WITHSCORES', [[raw, 1]])).toEqual([raw, Buffer.from('1')]);
  });
});
