import { expect, it } from 'vitest';
import { keysOf } from './command-keys.js';

const keys = (line: string): readonly unknown[] => keysOf(line.split(' '));

it.each([
  ['GET k', 'k'],
  ['set k v', 'k'],
  ['MYMODULE.DO k v', 'k'],
  ['SPUBLISH k message', 'k'],
  ['PING', ''],
  ['PUBLISH channel message', ''],
  ['CONFIG GET maxmemory', ''],
  ['EVAL script 0 argument', ''],
  ['DEL k1 k2 k3', 'k1 k2 k3'],
  ['MSET k1 v k2 v', 'k1 k2'],
  ['BLPOP k1 k2 0', 'k1 k2'],
  ['RENAME k1 k2', 'k1 k2'],
  ['BLMOVE k1 k2 LEFT RIGHT 0', 'k1 k2'],
  ['OBJECT ENCODING k', 'k'],
  ['XINFO STREAM k', 'k'],
  ['BITOP AND k1 k2 k3', 'k1 k2 k3'],
  ['ZUNION 2 k1 k2 WITHSCORES', 'k1 k2'],
  ['LMPOP 1 k LEFT COUNT 2', 'k'],
  ['BLMPOP 0 2 k1 k2 LEFT', 'k1 k2'],
  ['EVALSHA sha 2 k1 k2 argument', 'k1 k2'],
  ['FCALL name 1 k argument', 'k'],
  ['ZUNIONSTORE k1 2 k2 k3 WEIGHTS 1 2', 'k1 k2 k3'],
  ['SORT k1 BY nosort STORE k2', 'k1 k2'],
  ['GEORADIUS k1 1 2 3 km STOREDIST k2', 'k1 k2'],
  ['XREAD COUNT 2 BLOCK 0 STREAMS k1 k2 0 0', 'k1 k2'],
  ['XREADGROUP GROUP streams c STREAMS streams >', 'streams'],
])('%s has %s', (line, expected) => {
  expect(keys(line).join(' ')).toBe(expected);
});

it('reads names and numbers that are bytes', () => {
  expect(keysOf([Buffer.from('eval'), 'script', Buffer.from('1'), 'k', 'argument'])).toEqual(['k']);
  expect(keysOf(['EVAL', 'script', 1, 'k', 'argument'])).toEqual(['k']);
});

it('gives what is there when a number promises more', () => {
  expect(keys('EVAL script 5 k1')).toEqual(['k1']);
  expect(keys('EVAL script many k1')).toEqual([]);
});
