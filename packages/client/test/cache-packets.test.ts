import { describe, expect, it, onTestFinished } from 'vitest';
import { clientCache } from '../src/cache/index.js';
import { type ClientOptions, RedisClient } from '../src/index.js';
import { type Answer, type FakeConnection, FakeServer } from './support/fake-server.js';

// What a server sends in one packet, in two, or too late: bytes that a real one sends when the moment is right.

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function invalidate(key: string): string {
  return `>2\r\n${bulk('invalidate')}*1\r\n${bulk(key)}`;
}

const FLUSH = `>2\r\n${bulk('invalidate')}_\r\n`;

function executed(value: string): string {
  return `*2\r\n:-1\r\n${bulk(value)}`;
}

/** Answers tracked reads; `execute` gives the bytes that answer EXEC. */
function transactions(
  execute: (key: string, connection: FakeConnection) => string,
  others: Answer = () => undefined,
): { readonly answer: Answer; readonly reads: string[] } {
  const reads: string[] = [];
  const answer: Answer = (args, connection) => {
    const [name, key = ''] = args;
    if (name === 'PTTL') return '+QUEUED\r\n';
    if (name === 'GET') {
      reads.push(key);
      return '+QUEUED\r\n';
    }
    return name === 'EXEC' ? execute(reads.at(-1) ?? '', connection) : others(args, connection);
  };
  return { answer, reads };
}

function cachingClient({ host, port }: FakeServer, options: ClientOptions = {}): RedisClient {
  const client = new RedisClient({ host, port, clientCache: clientCache(), ...options });
  onTestFinished(() => client.close());
  return client;
}

describe('D12: a reply and a report of its change', () => {
  it.each([
    ['the reply, then the key', (value: string, key: string) => executed(value) + invalidate(key)],
    ['the reply, then a flush', (value: string) => executed(value) + FLUSH],
    ['the key, then the reply', (value: string, key: string) => invalidate(key) + executed(value)],
    ['a flush, then the reply', (value: string) => FLUSH + executed(value)],
    [
      'the key inside of the reply',
      (value: string, key: string) => `*2\r\n:-1\r\n${invalidate(key)}${bulk(value)}`,
    ],
    ['a flush inside of the reply', (value: string) => `*2\r\n:-1\r\n${FLUSH}${bulk(value)}`],
    [
      'something that nobody understands',
      (value: string) => `${executed(value)}>2\r\n${bulk('invalidate')}*1\r\n:5\r\n`,
    ],
  ])('in one packet are not kept: %s', async (_what, packet) => {
    let times = 0;
    const { answer, reads } = transactions((key) => (++times === 1 ? packet('old', key) : executed('new')));
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    expect(await client.cached('GET', 'k')).toBe('old');
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(reads).toEqual(['k', 'k']);
  });

  it('in two packets, however they are cut, are not kept', async () => {
    const packet = executed('old') + invalidate('k:00');
    const { answer, reads } = transactions((key, { socket }) => {
      const cut = Number(key.slice(2));
      if (reads.filter((read) => read === key).length > 1) return executed('new');
      const bytes = executed('old') + invalidate(key);
      socket.setNoDelay();
      setImmediate(() => {
        socket.write(bytes.slice(0, cut));
        setImmediate(() => socket.write(bytes.slice(cut)));
      });
      return '';
    });
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    for (let cut = 1; cut < packet.length; cut++) {
      const key = `k:${String(cut).padStart(2, '0')}`;
      expect(await client.cached('GET', key)).toBe('old');
      await expect.poll(() => client.metrics().cache?.invalidations, { interval: 1 }).toBe(cut);
      expect(await client.cached('GET', key)).toBe('new');
    }
  });

  it('of another key leave it alone', async () => {
    const { answer, reads } = transactions(
      (key) => invalidate('other') + executed(`v:${key}`) + invalidate('another'),
    );
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    expect(await client.cached('GET', 'k')).toBe('v:k');
    expect(await client.cached('GET', 'k')).toBe('v:k');
    expect(reads).toEqual(['k']);
  });

  it('leave what was asked for after the report', async () => {
    let times = 0;
    // The reply comes behind the report, and before those to the second request, which the report has caused.
    const { answer } = transactions(
      (key) => (++times === 1 ? invalidate(key) : executed('new')),
      (args) => (args[1] === 'CACHING' && times === 1 ? `${executed('old')}+OK\r\n` : undefined),
    );
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    let second: Promise<unknown> | undefined;
    using _ = client.registerPushCallback('invalidate', () => {
      second = client.cached('GET', 'k');
    });
    expect(await client.cached('GET', 'k')).toBe('old');
    expect(await second).toBe('new');
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(times).toBe(2);
  });

  it('is heard before any callback runs: not even there is an old value read', async () => {
    let times = 0;
    const { answer } = transactions(
      () => executed(String(++times)),
      ([name]) =>
        name === 'ECHO' ? `>2\r\n${bulk('something')}${bulk('x')}${invalidate('k')}+\r\n` : undefined,
    );
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    expect(await client.cached('GET', 'k')).toBe('1');
    let inside: Promise<unknown> | undefined;
    using _ = client.registerPushCallback('something', () => {
      inside = client.cached('GET', 'k');
    });
    await client.call('ECHO', '');
    expect(await inside).toBe('2');
  });
});

describe('a reply of an old connection', () => {
  it('that is asked for again on the next one is not kept by the first request', async () => {
    const { answer, reads } = transactions((_key, { number, socket }) => {
      if (number > 1) return executed('new');
      socket.destroy();
      return '';
    });
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake, { reconnect: { minDelayMs: 1, maxDelayMs: 1 } });
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(client.cache?.size).toBe(0);
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(reads).toHaveLength(3);
  });

  it('that comes when the next one is there is not kept', async () => {
    let late = (): unknown => undefined;
    const { answer, reads } = transactions(
      (_key, { number, socket }) => {
        if (number > 1) return executed('new');
        late = () => socket.write(executed('old'));
        return '';
      },
      ([name], { number }) => {
        if (name === 'HELLO' && number === 2) late();
        return name === 'SET' && number === 1
          ? "-READONLY You can't write against a replica.\r\n"
          : undefined;
      },
    );
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake, { reconnect: { minDelayMs: 1, maxDelayMs: 1 } });
    const written = client.call('SET', 'k', 'new');
    expect(await client.cached('GET', 'k')).toBe('old');
    expect(await written).toBe('OK');
    expect(fake.connections).toBe(2);
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(await client.cached('GET', 'k')).toBe('new');
    expect(reads).toHaveLength(2);
  });
});

describe('a server that answers otherwise than it should', () => {
  it.each([
    ['a busy one', '-EXECABORT Transaction discarded because of previous errors.\r\n'],
    ['an aborted transaction', '_\r\n'],
    ['too few replies', '*1\r\n:1\r\n'],
  ])('is asked for the read alone: %s', async (_what, reply) => {
    let single = false;
    const { answer } = transactions(() => {
      single = true;
      return reply;
    });
    await using fake = await FakeServer.start((args, connection) => {
      if (args[0] !== 'GET' || !single) return answer(args, connection);
      single = false;
      return bulk('v');
    });
    await using client = cachingClient(fake);
    expect(await Promise.all([client.cached('GET', 'k'), client.cached('GET', 'k')])).toEqual(['v', 'v']);
    expect(client.metrics().cache).toMatchObject({ tracking: 'on', entries: 0, misses: 1, shared: 1 });
    expect(client.metrics().pending).toBe(0);
  });

  it('keeps nothing that the server will not report', async () => {
    const { answer, reads } = transactions(
      () => executed('v'),
      (args) => (args[1] === 'CACHING' ? '-ERR CLIENT CACHING can be called only when …\r\n' : undefined),
    );
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    for (let i = 0; i < 2; i++) expect(await client.cached('GET', 'k')).toBe('v');
    expect(reads).toHaveLength(2);
  });

  it('may take its time with the tracking: what is read before is kept as soon as it is on', async () => {
    const { answer, reads } = transactions(() => executed('v'));
    await using fake = await FakeServer.start(answer);
    await using client = cachingClient(fake);
    expect(client.metrics().cache?.tracking).toBe('starting');
    const both = Promise.all([client.cached('GET', 'k'), client.cached('GET', 'l')]);
    expect(await both).toEqual(['v', 'v']);
    expect(client.metrics().cache).toMatchObject({ tracking: 'on', entries: 2 });
    expect(await client.cached('GET', 'k')).toBe('v');
    expect(reads).toEqual(['k', 'l']);
  });
});
