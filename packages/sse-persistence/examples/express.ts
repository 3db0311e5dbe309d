import type { AddressInfo } from 'node:net';
import { Message, SSEChannel } from '@redlane/sse-persistence';
import express from 'express';

const { REDIS_URL = 'redis://127.0.0.1:6379', PORT = '8080' } = process.env;

const channel = new SSEChannel({ channelId: 'news', driver: REDIS_URL });
const app = express();
app.use(express.json());

app.get('/events', async (req, res) => {
  await channel.pipe(req, res);
});

app.post('/messages', async (req, res) => {
  const id = await channel.broadcast(new Message('message', req.body));
  res.status(202).json({ id });
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function shutDown(): Promise<void> {
  server.close();
  // Ends the responses; their clients come back to another node, or to the next process.
  await channel.close();
  server.closeIdleConnections();
}

process.once('SIGTERM', () => void shutDown());
