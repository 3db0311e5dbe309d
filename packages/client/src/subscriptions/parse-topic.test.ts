import { expect, it } from 'vitest';
import { parseTopic, type TopicInput } from './parse-topic.js';

it.each<[TopicInput, object]>([
  ['news', { channel: 'news' }],
  ['', { channel: '' }],
  [{ channel: 'ü' }, { channel: 'ü' }],
  [{ pattern: 'a*' }, { pattern: 'a*' }],
  [{ shard: '😀' }, { shard: '😀' }],
])('%j is a topic', (input, topic) => {
  const parsed = parseTopic(input);
  expect(parsed).toEqual(topic);
  expect(parsed).not.toBe(input);
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['no kind', {}],
  ['another kind', { topic: 'a' }],
  ['two kinds', { channel: 'a', pattern: 'b' }],
  ['a name that is none', { channel: 7 }],
  ['half a surrogate pair', 'a\ud800'],
  ['an inherited name', Object.create({ channel: 'a' })],
])('%s is not', (_, input) => {
  expect(() => parseTopic(input as TopicInput)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', option: 'topic' }),
  );
});
