import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { toDriver } from '@redlane/client/driver';
import { Message, RedisConnectionsRepository, SSEChannel, SseSessions } from '@redlane/sse-persistence';

/**
 * Tokens of a language model, kept as they come: a reader may reload, lose its network or come to another node, and gets the
 * text from its beginning or from where it was, also when the process that was writing it is gone.
 *
 *     POST /generations              the prompt as body; answers with the path of the stream
 *     GET /generations/<id>/events   events `token`, and `done` at the end, where the page closes its EventSource
 */

const { REDIS_URL = 'redis://127.0.0.1:6379', PORT = '8080', TOKEN_MS = '50' } = process.env;

const driver = toDriver(REDIS_URL);
/** A text is kept for an hour after its last token. */
const connectionsRepository = new RedisConnectionsRepository(driver, {
  log: { history: { ageMs: 3_600_000, size: 100_000 } },
});
const sessions = new SseSessions({ retryMs: 500 });

const channelOf = (id: string): SSEChannel =>
  new SSEChannel({ channelId: `generation:${id}`, connectionsRepository, sessions });

/** To be replaced by the stream of a model. */
async function* tokensFor(prompt: string): AsyncGenerator<string> {
  for (const word of `You have asked: ${prompt} `.repeat(10).split(/(?<= )/)) {
    await delay(Number(TOKEN_MS));
    yield word;
  }
}

async function generate(id: string, prompt: string): Promise<void> {
  await using channel = channelOf(id);
  let count = 0;
  for await (const token of tokensFor(prompt)) {
    // If a reply gets lost, the same key makes sure that a token is not there twice.
    await channel.broadcast(new Message('token', token), { idempotencyKey: `${++count}` });
  }
  await channel.broadcast(new Message('done'), { idempotencyKey: 'done' });
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [, kind, id] = (req.url ?? '').split('/');
  if (kind !== 'generations') {
    res.writeHead(404).end();
  } else if (req.method === 'POST') {
    const generation = randomUUID();
    let prompt = '';
    for await (const chunk of req.setEncoding('utf8')) prompt += chunk;
    generate(generation, prompt).catch(console.error);
    res.writeHead(202).end(`/generations/${generation}/events`);
  } else {
    await using channel = channelOf(id ?? '');
    await channel.pipe(req, res, { from: 'start' });
  }
}

const server = createServer((req, res) => {
  handle(req, res).catch((error: unknown) => {
    console.error(error);
    res.destroy();
  });
});

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function shutDown(): Promise<void> {
  server.close();
  await sessions.drain();
  server.closeIdleConnections();
  await driver.close();
}

process.once('SIGTERM', () => void shutDown());
