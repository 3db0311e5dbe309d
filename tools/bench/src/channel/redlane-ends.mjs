/** The built package: it is no dependency of the benchmarks, which measure what is in this repository. */
const PACKAGE = new URL('../../../../packages/channel/dist/index.js', import.meta.url);

export function redlane(id, title, { drains, prefetch = 0, reliable = false }) {
  return {
    id,
    title,
    kind: 'ours',
    package: undefined,
    drains,
    async open(target, side) {
      const { RedisChannel } = await import(PACKAGE.href);
      const { host, port, username, password, db, prefix } = target;
      const peer = side === 'near' ? 'client' : 'server';
      const options = reliable && side === 'far' ? { reliable, prefetch } : { prefetch };
      const address = { host, port, username, password, db };
      const channel = new RedisChannel(address, `/${prefix}/${id}`, peer, options);
      return {
        async call(message) {
          await channel.sendMsg(message);
          return channel.brecvMsg();
        },
        echo() {
          const stop = new AbortController();
          const loop = echo(channel, { signal: stop.signal, reliable });
          return () => {
            stop.abort();
            return loop;
          };
        },
        send: (messages) => Promise.all(messages.map((message) => channel.sendMsg(message))),
        drain: (count, onMessage) =>
          prefetch === 0
            ? drainOneByOne(channel, count, onMessage)
            : drainAll(channel, count, { onMessage, reliable }),
        async close() {
          if (side === 'near') await channel.destroyChannel();
          await channel.close();
        },
      };
    },
  };
}

async function echo(channel, { signal, reliable }) {
  try {
    for (;;) {
      const received = await channel.brecvMsg({ signal });
      await channel.sendMsg(reliable ? received.data : received);
      if (reliable) await received.ack();
    }
  } catch (error) {
    if (error.code !== 'ABORTED') throw error;
  }
}

async function drainOneByOne(channel, count, onMessage) {
  for (let i = 0; i < count; i++) onMessage(await channel.brecvMsg());
}

async function drainAll(channel, count, { onMessage, reliable }) {
  let done = 0;
  let lastAck;
  for await (const received of channel.messages()) {
    if (reliable) lastAck = received.ack();
    onMessage(reliable ? received.data : received);
    if (++done === count) break;
  }
  await lastAck;
}
