import { channel as diagnostics } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { Message, RedisQueue, RedisSSEChannelRepository, SSEChannel } from '../src/index.js';
import { readPythonMessage } from '../src/migration/index.js';
import { testServer } from './support/test-server.js';

const PASSWORD = 'hunter2-password';
const PAYLOAD = 'hunter2-payload';

const server = await testServer({ password: PASSWORD });
const urlOf = (password: string): string => `redis://:${password}@${server.host}:${server.port}`;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** All that a log, a crash or a debugger would show of it. */
function checkShown(value: unknown): void {
  const { stack = '' } = (value ?? {}) as { stack?: string };
  const text = [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(value),
    stack,
  ].join('\n');
  expect(text).not.toContain('hunter2');
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it must fail'),
    (error: unknown) => error,
  );
}

function openRepository(password = PASSWORD): RedisSSEChannelRepository {
  const repository = new RedisSSEChannelRepository(urlOf(password));
  closers.push(() => repository.close());
  return repository;
}

async function openChannel(): Promise<SSEChannel> {
  const { connectionsRepository } = openRepository();
  const channel = new SSEChannel({ channelId: 'orders', connectionsRepository });
  closers.push(() => channel.close());
  return channel;
}

it('errors show neither passwords nor payloads', async () => {
  const channel = await openChannel();
  const listener = await channel.addListener();
  checkShown(await errorOf(channel.dispatch('nobody', new Message('type', PAYLOAD))));
  checkShown(await errorOf(channel.dispatch(listener.id, new Message(`a\n${PAYLOAD}`, PAYLOAD))));
  checkShown(await errorOf(channel.dispatch(listener.id, new Message('type', [PAYLOAD, Number.NaN]))));
  const queue = new RedisQueue('ann', urlOf(PASSWORD));
  closers.push(() => queue.close());
  await server.command('RPUSH', 'sse:q:{ann}', `{"v":2,"payload":"${PAYLOAD}"}`);
  checkShown(await errorOf(queue.pop()));
  const bytes = Buffer.from(`\x80\x04\x8c\x0f${PAYLOAD}.`, 'latin1');
  checkShown(await errorOf((async () => readPythonMessage(bytes))()));
});

it('a login that fails shows no password', async () => {
  const queue = new RedisQueue('ann', { ...portOf(), password: `${PASSWORD}-wrong`, timeoutMs: 50 });
  closers.push(() => queue.close());
  checkShown(await errorOf(queue.push(new Message('type', PAYLOAD))));
});

it('what is inspected, and what diagnostics tell, shows neither passwords nor payloads', async () => {
  const events: unknown[] = [];
  const take = (event: unknown): void => void events.push(event);
  const names = ['redlane:sse-channel', 'redlane:sse-queue', 'redlane:sse-session'];
  for (const name of names) diagnostics(name).subscribe(take);
  try {
    const channel = await openChannel();
    const listener = await channel.addListener();
    await channel.dispatch(listener.id, new Message('type', PAYLOAD));
    await channel.broadcast(new Message('type', PAYLOAD));
    const response = await channel.toResponse(new Request('http://localhost/'), { listener: listener.id });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    const queue = new RedisQueue('ann', urlOf(PASSWORD));
    closers.push(() => queue.close());
    await server.command('RPUSH', 'sse:q:{ann}', PAYLOAD);
    await errorOf(queue.pop());
    for (const value of [channel, listener, queue]) checkShown(value);
    await expect.poll(() => JSON.stringify(events)).toContain('dead-letter');
    expect(JSON.stringify(events)).toContain('opened');
    checkShown(events);
  } finally {
    for (const name of names) diagnostics(name).unsubscribe(take);
  }
});

function portOf(): { readonly host: string; readonly port: number } {
  return { host: server.host, port: server.port };
}
