import { expect, it } from 'vitest';
import {
  channelName,
  channelPrefix,
  escapeGlob,
  keysBeside,
  withHashTag,
  withoutHashTag,
} from './address.js';

it('makes names of parts, and leaves names as they are', () => {
  expect(channelName(['a', 'b c', 'ü'])).toBe('/a/b c/ü');
  expect(channelName('/a/b')).toBe('/a/b');
  expect(channelPrefix([])).toBe('/');
  expect(channelPrefix(['a', 'b'])).toBe('/a/b/');
});

it.each([
  ['/a', '/{a}'],
  ['/a/b', '/{a/b}'],
  ['/{eu}/a', '/{eu}/a'],
  ['a', '{a}'],
])('the tag of %s is in %s', (name, tagged) => {
  expect(withHashTag(name)).toBe(tagged);
  expect(withHashTag(tagged)).toBe(tagged);
});

it.each([
  ['/{a/b}', '/a/b'],
  ['/{eu}/a', '/{eu}/a'],
  ['/{a}/{b}', '/{a}/{b}'],
  ['/a', '/a'],
])('%s was %s before it was tagged', (tagged, name) => {
  expect(withoutHashTag(tagged)).toBe(name);
});

it('keeps what is beside a list in its slot, under names that nobody takes for lists of channels', () => {
  const id = '../x/client';
  const alone = keysBeside('/a/client', { topology: 'standalone' });
  expect(alone.dead).toBe('/a/client:dead');
  expect(keysBeside('/a/client', { topology: 'cluster' }).dead).toBe('{/a/client}:dead');
  expect(keysBeside('/{a}/client', { topology: 'cluster' }).dead).toBe('/{a}/client:dead');
  for (const key of [alone.staging(id), alone.work(id), alone.acked(id)])
    expect(key).not.toMatch(/\/(client|server)$/);
});

it('escapes all that a glob takes for more than itself', () => {
  expect(escapeGlob('/a*b?[c]\\d')).toBe('/a\\*b\\?\\[c\\]\\\\d');
});

it('puts no name into a hash tag that would not come back', () => {
  for (const name of ['/a}b', '/a{b', '/{}x', '/}{', '/a{}']) {
    expect(() => withHashTag(name)).toThrow(/hashTag: false/);
  }
  for (const name of ['/a/b', '/{a}', '/a{b}c', '/{a}b/c']) {
    expect(withHashTag(withoutHashTag(withHashTag(name)))).toBe(withHashTag(name));
  }
});
