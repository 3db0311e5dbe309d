import { Message, SSEChannel } from '@redlane/sse-persistence';
import fastify from 'fastify';

const { REDIS_URL = 'redis://127.0.0.1:6379', PORT = '8080' } = process.env;

const channel = new SSEChannel({ channelId: 'news', driver: REDIS_URL });
const app = fastify({ forceCloseConnections: 'idle' });

app.get('/events', async (request, reply) => {
  // What plugins have set, as for CORS, is on the reply only.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
  await channel.pipe(request.raw, reply.raw);
});

app.post('/messages', async (request, reply) => {
  const id = await channel.broadcast(new Message('message', request.body));
  return reply.code(202).send({ id });
});

// Runs before the server waits for its responses to end.
app.addHook('preClose', () => channel.close());

console.log(await app.listen({ port: Number(PORT), host: '127.0.0.1' }));

process.once('SIGTERM', () => void app.close());
