import assert from 'node:assert/strict';
import type { RedisClient } from '@redlane/client';
import { Message, SSEChannel } from '@redlane/sse-persistence';
import { frame } from '@redlane/sse-persistence/frame';
import type { Bed, Checks } from './bed.js';
import { EventBody, openEvents } from './event-source.js';
import { type Served, serveFetch, serveNode } from './serve.js';
import { until } from './until.js';

const channelOf = (bed: Bed, driver: RedisClient): SSEChannel =>
  new SSEChannel({ channelId: bed.key('sse'), driver });

/** A page that reads, goes away, and comes back to another process: it gets what it has missed, in order and once. */
async function checkResume(
  bed: Bed,
  serve: (channel: SSEChannel) => Promise<Served> | Served,
): Promise<void> {
  await using driver = bed.client();
  const [one, two] = [channelOf(bed, driver), channelOf(bed, driver)];
  const [first, second] = [await serve(one), await serve(two)];
  try {
    const before = await openEvents(`${first.url}/?listener=ann`);
    assert.equal(before.response.headers.get('content-type'), 'text/event-stream');
    await one.broadcast(new Message('headline', { text: 'zwei\nZeilen' }));
    const [event] = await before.take(1);
    assert.deepEqual([event?.event, event?.data], ['headline', '{"text":"zwei\\nZeilen"}']);
    await before.leave();
    await until(() => one.stats().sessions.open === 0);
    for (const text of ['b', 'c']) await two.broadcast(new Message('headline', text));
    const after = await openEvents(`${second.url}/?listener=ann`, event?.id);
    await one.broadcast(new Message('headline', 'd'));
    assert.deepEqual(
      (await after.take(3)).map(({ data }) => data),
      ['b', 'c', 'd'],
    );
    await after.leave();
    await until(() => two.stats().sessions.open === 0);
  } finally {
    await Promise.all([one.close(), two.close()]);
    await Promise.all([first.stop(), second.stop()]);
  }
}

const listenerOf = (url = '/'): { listener?: string } => {
  const listener = new URL(url, 'http://localhost').searchParams.get('listener');
  return listener === null ? {} : { listener };
};

export const sse: Checks = {
  'node:http: a page that comes back gets what it has missed': (bed) =>
    checkResume(bed, (channel) => serveNode((req, res) => void channel.pipe(req, res, listenerOf(req.url)))),

  "the runtime's own server: the same": async (bed) => {
    const probe = serveFetch(async () => new Response());
    if (probe === undefined) return 'Node has no server of its own in the style of fetch';
    await probe.stop();
    return checkResume(
      bed,
      (channel) => serveFetch((request) => channel.toResponse(request, listenerOf(request.url))) as Served,
    );
  },

  'a Response streams, and ends when it is drained': async (bed) => {
    await using driver = bed.client();
    await using channel = channelOf(bed, driver);
    const body = new EventBody(await channel.toResponse(new Request('http://localhost/')));
    await channel.broadcast(new Message('tick', 1));
    assert.deepEqual(
      (await body.take(1)).map(({ data }) => data),
      ['1'],
    );
    await channel.sessions.drain();
    await assert.rejects(body.take(1), /was over/);
    assert.equal(channel.stats().sessions.open, 0);
  },

  'messages are read without HTTP': async (bed) => {
    await using driver = bed.client();
    await using channel = channelOf(bed, driver);
    const listener = await channel.addListener();
    listener.start();
    await channel.dispatch(listener.id, new Message('status', 'paid'));
    for await (const { event, data } of channel.messageStream(listener)) {
      assert.deepEqual([event, data], ['status', 'paid']);
      break;
    }
  },

  'a queue gives each message once': async (bed) => {
    await using driver = bed.client();
    await using channel = new SSEChannel({ channelId: bed.key('pop'), driver, delivery: 'pop' });
    const listener = await channel.addListener();
    listener.start();
    await channel.dispatch(listener.id, new Message('job', { n: 1 }));
    assert.deepEqual((await channel.deliverNext(listener.id)).payload, { n: 1 });
    await assert.rejects(channel.deliverNext(listener.id), { code: 'NO_MESSAGES' });
  },

  'frames are written without anything else': () => {
    const text = frame({ id: '1', event: 'e', data: 'a\nb' });
    assert.equal(
      typeof text === 'string' ? text : new TextDecoder().decode(text),
      'event: e\nid: 1\ndata: a\ndata: b\n\n',
    );
  },
};
