import { deepStrictEqual } from 'node:assert/strict';
import { type FuzzTarget, type Next, pick, several } from '@redlane/fuzz';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type Frame, FrameError, frame } from '../../src/frame/index.js';

/** All that the format makes much of, and much that it does not. */
const PIECES = [
  ...'abc:\r\n\0 \t',
  '\r\n',
  '\n\n',
  '\r\r',
  '\n\ndata: forged\n\n',
  'event: forged',
  'id:',
  'retry: 1',
  ':',
  '\ufeff',
  '\u2028',
  '\u0085',
  'é',
  '😀',
  '\ud800',
];

/** Frames of strangers' strings: a client reads back these strings and nothing else, or a `FrameError` says which cannot be. */
export const frameTarget: FuzzTarget<readonly Frame[]> = {
  name: 'frame',
  input: (next) => several(next, 4, () => fields(next)),
  check: (frames) => {
    const written = frames.filter(isWritable);
    const events: EventSourceMessage[] = [];
    const errors: unknown[] = [];
    const retries: number[] = [];
    const parser = createParser({
      onEvent: (event) => events.push(event),
      onError: (error) => errors.push(error),
      onRetry: (retry) => retries.push(retry),
    });
    for (const each of written) parser.feed(frame(each));
    deepStrictEqual(errors, []);
    deepStrictEqual(events, written.flatMap(asRead));
    deepStrictEqual(
      retries,
      written.flatMap(({ retry }) => retry ?? []),
    );
    return written.length === frames.length ? 'all written' : 'some refused';
  },
  show: (frames) => JSON.stringify(frames),
};

function isWritable(fields: Frame): boolean {
  const bad = /[\r\n\0]/;
  const expected = bad.test(fields.event ?? '')
    ? 'INVALID_EVENT'
    : bad.test(fields.id ?? '')
      ? 'INVALID_ID'
      : undefined;
  try {
    frame(fields);
  } catch (error) {
    if (error instanceof FrameError && error.code === expected) return false;
    throw error;
  }
  if (expected !== undefined) throw new Error(`written in spite of ${expected}`);
  return true;
}

function asRead({ id, event, data }: Frame): EventSourceMessage[] {
  if (data === undefined) return [];
  return [{ id, event: event || undefined, data: data.replace(/\r\n?/g, '\n') }];
}

function fields(next: Next): Frame {
  const some = <T>(make: () => T): T | undefined => (next(2) === 0 ? make() : undefined);
  return {
    id: some(() => text(next)),
    event: some(() => text(next)),
    data: some(() => text(next)),
    retry: some(() => next(100_000)),
    comment: some(() => text(next)),
  };
}

function text(next: Next): string {
  return several(next, 6, () => pick(next, PIECES)).join('');
}
