import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SseClient } from './support/sse-client.js';

let redis: RedisServer;
const children: ChildProcess[] = [];

beforeAll(async () => {
  redis = await startServer();
});

afterAll(() => redis.stop());

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** An example as a process of its own, once it listens. */
async function run(name: string, env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url));
  const args = ['--conditions=@redlane/source', '--import', 'tsx', file];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, REDIS_URL: redis.url, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const exited = once(child, 'exit');
  const line = once(createInterface(child.stdout), 'line');
  const [url] = (await Promise.race([line, exited])) as [unknown];
  if (typeof url !== 'string') throw new Error(`${name} has ended with ${url}`);
  return {
    url,
    async end(signal: 'SIGTERM' | 'SIGKILL') {
      child.kill(signal);
      const [code] = await exited;
      return code as number | null;
    },
  };
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

describe.each(['express', 'fastify', 'hono'])('the example for %s', (name) => {
  it('sends, survives kill -9 without a loss, and ends when it is told to', async () => {
    const first = await run(name);
    using client = await SseClient.open(`${first.url}/events`);
    await client.until(({ lastEventId }) => lastEventId !== '');
    const answer = await post(`${first.url}/messages`, { text: 'one' });
    expect(answer.status).toBe(202);
    await client.received(1);
    expect(client.events).toEqual([
      { type: 'message', id: ((await answer.json()) as { id: string }).id, data: '{"text":"one"}' },
    ]);
    await first.end('SIGKILL');
    expect(await client.over).toBe(false);

    const second = await run(name);
    await post(`${second.url}/messages`, { text: 'two' });
    using again = await SseClient.open(`${second.url}/events`, { lastEventId: client.reader.lastEventId });
    await again.received(1);
    expect(again.data).toEqual(['{"text":"two"}']);
    const ended = second.end('SIGTERM');
    expect(await again.over).toBe(true);
    expect(await ended).toBe(0);
  });
});

describe('the example of a token stream', () => {
  it('has the text so far when its producer is gone, and gives all readers the same', async () => {
    const producer = await run('token-stream', { TOKEN_MS: '10' });
    const reader = await run('token-stream');
    const answer = await fetch(`${producer.url}/generations`, { method: 'POST', body: 'why?' });
    const path = await answer.text();
    using live = await SseClient.open(reader.url + path);
    await live.received(10);
    await producer.end('SIGKILL');

    using late = await SseClient.open(reader.url + path);
    await late.received(10);
    const { id } = late.events[4] as { id: string };
    using resumed = await SseClient.open(reader.url + path, { lastEventId: id });
    await resumed.received(5);
    expect(late.data.slice(0, 5).join('')).toBe('You have asked: why? You ');
    expect(live.data.slice(0, 10)).toEqual(late.data.slice(0, 10));
    expect(resumed.data.slice(0, 5)).toEqual(late.data.slice(5, 10));
    expect(await reader.end('SIGTERM')).toBe(0);
  });

  it('ends with done', async () => {
    const node = await run('token-stream', { TOKEN_MS: '0' });
    const path = await (await fetch(`${node.url}/generations`, { method: 'POST', body: 'why?' })).text();
    using client = await SseClient.open(node.url + path);
    await client.until(({ events }) => events.at(-1)?.type === 'done');
    expect(client.data.slice(0, -1).join('')).toBe('You have asked: why? '.repeat(10));
    expect(await node.end('SIGTERM')).toBe(0);
  });
});
