import { afterEach, describe, expect, test, vi } from 'vitest';
import { BYTE_BY_BYTE, decode, WHOLE } from './decode.js';
import { frames } from './frames.js';

const bytesOf = (input: string): Uint8Array => Buffer.from(input, 'latin1');
const title = (input: string): string => JSON.stringify(input.length > 60 ? `${input.slice(0, 60)}…` : input);
const cases = frames.map((frame) => ({ ...frame, bytes: bytesOf(frame.input), title: title(frame.input) }));

describe('every frame', () => {
  test.each(cases)('$title', ({ bytes, options, expected }) => {
    const outcome = { events: expected, end: 'done' };
    expect(decode(bytes, options, WHOLE)).toEqual(outcome);
    expect(decode(bytes, options, BYTE_BY_BYTE)).toEqual(outcome);
    for (const size of [2, 3, 7, 24, 25]) expect(decode(bytes, options, [size])).toEqual(outcome);
    for (let cut = 1; cut < bytes.length; cut++) {
      const split = decode(bytes, options, [cut, bytes.length]);
      if (split.end !== 'done' || split.events.join() !== expected.join()) {
        expect({ cut, ...split }).toEqual({ cut, ...outcome });
      }
    }
  });

  test.each(cases)('$title needs its last byte', ({ bytes, options, expected }) => {
    const step = Math.ceil(bytes.length / 300);
    for (let end = 0; end < bytes.length; end += step) {
      const outcome = decode(bytes.subarray(0, end), options);
      expect(outcome.events).toEqual(expected.slice(0, outcome.events.length));
      expect(['more', 'done']).toContain(outcome.end);
    }
    const { events, end } = decode(bytes.subarray(0, -1), options);
    expect(events.length).toBeLessThan(expected.length);
    expect(end).toBe('more');
  });
});

describe('frames that share their options', () => {
  const groups = new Map<string, typeof cases>();
  for (const frame of cases) {
    if (typeof frame.options.pushReplies === 'function') continue;
    const key = JSON.stringify(frame.options);
    groups.set(key, [...(groups.get(key) ?? []), frame]);
  }

  test.each([...groups])('one after the other, with %s', (_, group) => {
    const bytes = Buffer.concat(group.map((frame) => frame.bytes));
    const outcome = { events: group.flatMap(({ expected }) => expected), end: 'done' };
    const { options } = group[0]!;
    expect(decode(bytes, options, WHOLE)).toEqual(outcome);
    for (const size of [1, 2, 3, 5, 16, 61, 100, 1000]) {
      expect(decode(bytes, options, [size])).toEqual(outcome);
      expect(decode(bytes, options, [bytes.length - size, size])).toEqual(outcome);
    }
  });
});

describe('without Buffer, as in browsers', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.resetModules();
  });

  test('every frame gives the same', async () => {
    vi.resetModules();
    vi.stubGlobal('Buffer', undefined);
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    const { allocate } = await import('../src/text-bytes.js');
    vi.unstubAllGlobals();
    expect(Buffer.isBuffer(allocate(1))).toBe(false);
    const { recorder } = await import('./decode.js');
    const { frames: again } = await import('./frames.js');
    for (const { input, options, expected } of again) {
      const bytes = new Uint8Array(bytesOf(input));
      for (const size of [bytes.length, 1, 3, 50]) {
        const { decoder, events } = recorder(options);
        for (let at = 0; at < bytes.length; at += size) decoder.write(bytes.slice(at, at + size));
        expect(events).toEqual(expected);
      }
    }
  });
});
