import { startServer } from '@redlane/redis-server';
import { check } from './check.js';

// What `npm start` runs. It grows with the packages: today it proves that they reach a real server.
const server = await startServer({ persistence: 'always' });
try {
  const lines = await check(server);
  for (const line of lines) console.log(line);
} finally {
  await server.stop();
}
