import { describe, expect, it } from 'vitest';
import { EventParser } from './event-parser.js';

describe('EventParser', () => {
  it('reads type, data, id and retry', () => {
    const parser = new EventParser();
    expect(parser.feed('retry: 250\nid: a.1\nevent: order\ndata: {"n":1}\n\n')).toEqual([
      { type: 'order', data: '{"n":1}' },
    ]);
    expect(parser).toMatchObject({ lastEventId: 'a.1', retryMs: 250 });
  });

  it('takes an id without an event, as a stream begins with one', () => {
    const parser = new EventParser();
    expect(parser.feed('id: a.5\n\n')).toEqual([]);
    expect(parser.lastEventId).toBe('a.5');
  });

  it('forgets what was not whole when the stream broke off', () => {
    const parser = new EventParser('a.1');
    expect(parser.feed('id: a.2\ndata: x\n')).toEqual([]);
    expect(parser.lastEventId).toBe('a.1');
  });

  it('passes over comments, joins lines of data, and knows a message without a type', () => {
    expect(new EventParser().feed(': hello\ndata: a\ndata:b\n\n')).toEqual([
      { type: 'message', data: 'a\nb' },
    ]);
  });

  it('does not care where the pieces end', () => {
    const text = 'id: 1\r\nevent: a\r\ndata: x\r\n\r\nid: 2\ndata: y\n\n: z\n\nid: 3\nevent: c\ndata\n\n';
    const whole = new EventParser();
    const events = whole.feed(text);
    expect(events).toHaveLength(3);
    const apart = [...text].map((_, i) => [text.slice(0, i), text.slice(i)]);
    for (const pieces of [...apart, [...text]]) {
      const parser = new EventParser();
      expect(pieces.flatMap((piece) => parser.feed(piece))).toEqual(events);
      expect(parser.lastEventId).toBe('3');
    }
  });
});
