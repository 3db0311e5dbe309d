import { startServer } from '@redlane/redis-server';

/** A server with nothing persisted; ends with the parent. That package is TypeScript, so this runs under tsx. */
const server = await startServer();
process.once('disconnect', async () => {
  await server.stop();
  process.exit();
});
process.send({ url: server.url });
