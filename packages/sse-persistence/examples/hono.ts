import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Message, SSEChannel } from '@redlane/sse-persistence';
import { Hono } from 'hono';

const { REDIS_URL = 'redis://127.0.0.1:6379', PORT = '8080' } = process.env;

const channel = new SSEChannel({ channelId: 'news', driver: REDIS_URL });
const app = new Hono();

app.get('/events', (context) => channel.toResponse(context.req.raw));

app.post('/messages', async (context) => {
  const id = await channel.broadcast(new Message('message', await context.req.json()));
  return context.json({ id }, 202);
});

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
}) as Server;

async function shutDown(): Promise<void> {
  server.close();
  await channel.close();
  server.closeIdleConnections();
}

process.once('SIGTERM', () => void shutDown());
