import { ensureServer } from './ensure-server.js';
import { RedisServerError } from './errors.js';

try {
  console.log(await ensureServer());
} catch (error) {
  console.error(error instanceof RedisServerError ? error.message : error);
  process.exitCode = 1;
}
