import { readdirSync, readFileSync } from 'node:fs';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, frame, frameBytes } from '../src/frame/index.js';
import { golden } from './golden/frames.js';

const wire = (name: string): string => readFileSync(new URL(`golden/${name}.sse`, import.meta.url), 'utf8');

describe('golden files', () => {
  it.each(Object.entries(golden))('%s', (name, frames) => {
    expect(frames.map(frame).join('')).toBe(wire(name));
  });

  it('are all there', () => {
    const files = readdirSync(new URL('golden', import.meta.url)).filter((file) => file.endsWith('.sse'));
    expect(files.sort()).toEqual(
      Object.keys(golden)
        .map((name) => `${name}.sse`)
        .sort(),
    );
  });
});

describe('what a client reads', () => {
  it('is what was written, whatever the strings are and wherever the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(frames(), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (sent, cuts) => {
          const expected = sent.filter(({ data }) => data !== undefined).map(asRead);
          const comments = sent.flatMap(({ comment }) => (comment === undefined ? [] : asLines(comment)));
          const retries = sent.flatMap(({ retry }) => (retry === undefined ? [] : [retry]));
          expect(read(sent.map(frameBytes), cuts)).toEqual({
            events: expected,
            comments,
            retries,
            errors: [],
          });
        },
      ),
      { numRuns: 800 },
    );
  });

  it('has never more events than were sent, even if they try', () => {
    const data = 'x\n\nevent: forged\ndata: y\r\rdata: z\r\n\r\ndata: w';
    const { events } = read([frameBytes({ data, comment: data })], []);
    expect(events).toEqual([asRead({ data })]);
  });
});

describe('refusals', () => {
  const forged = 'x\ndata: "forged"\n\nevent: y';

  it.each([
    ['an event with LF', { event: forged }, 'INVALID_EVENT', 'LF at 1'],
    ['an event with CR', { event: 'ab\rc' }, 'INVALID_EVENT', 'CR at 2'],
    ['an event with NUL', { event: '\0' }, 'INVALID_EVENT', 'NUL at 0'],
    ['an id with LF', { id: forged }, 'INVALID_ID', 'LF at 1'],
    ['an id with CR', { id: 'a\r' }, 'INVALID_ID', 'CR at 1'],
    ['an id with NUL', { id: 'a\0' }, 'INVALID_ID', 'NUL at 1'],
    ['a fraction', { retry: 1.5 }, 'INVALID_RETRY', 'got 1.5'],
    ['a negative time', { retry: -1 }, 'INVALID_RETRY', 'got -1'],
    ['no number', { retry: Number.NaN }, 'INVALID_RETRY', 'got NaN'],
    ['digits with a surprise', { retry: '1\ndata: x' }, 'INVALID_RETRY', 'got string'],
    ['data that is no text', { data: { a: 1 } }, 'INVALID_DATA', 'got object'],
    ['null', { data: null }, 'INVALID_DATA', 'got null'],
    ['a comment that is no text', { comment: 7 }, 'INVALID_COMMENT', 'got number'],
  ])('%s', (_, fields, code, message) => {
    const expected = expect.objectContaining({
      name: 'FrameError',
      code,
      message: expect.stringContaining(message),
    });
    expect(() => frame(fields as Frame)).toThrow(expected);
  });

  it('quote nothing of the value', () => {
    expect(() => frame({ id: 'secret\n' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

it('needs no runtime: the entry imports nothing but itself', () => {
  const folder = new URL('../src/frame/', import.meta.url);
  const imports = readdirSync(folder).flatMap((file) => [
    ...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '(.+)'/g),
  ]);
  expect(imports.map(([, from]) => from).filter((from) => !from?.startsWith('./'))).toEqual([]);
});

function frames(): fc.Arbitrary<Frame> {
  const chars = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('\n', '\r', ':', ' ', '\0', '\ufeff', 'data: x', 'id: 7', 'a') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
  );
  const text = fc.array(chars, { maxLength: 8 }).map((parts) => parts.join(''));
  const word = text.map((value) => value.replace(/[\r\n\0]/g, ''));
  return fc.record(
    { id: word, event: word, data: text, retry: fc.nat(), comment: text },
    { requiredKeys: [] },
  );
}

/** Line ends become LF, and halves of surrogate pairs the replacement character. */
function asLines(text: string): string[] {
  const encoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
  return encoded.split(/\r\n|\r|\n/);
}

function asRead({ id, event, data = '' }: Frame): EventSourceMessage {
  const word = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : asLines(text).join('\n');
  return { id: word(id), event: word(event) || undefined, data: asLines(data).join('\n') };
}

function read(chunks: readonly Uint8Array[], cuts: readonly number[]) {
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const errors: Error[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onComment: (comment) => comments.push(comment),
    onRetry: (retry) => retries.push(retry),
    onError: (error) => errors.push(error),
  });
  const bytes = Buffer.concat(chunks);
  const decoder = new TextDecoder('utf-8');
  const ends = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    parser.feed(decoder.decode(bytes.subarray(from, end), { stream: true }));
    from = end;
  }
  return { events, comments, retries, errors };
}
