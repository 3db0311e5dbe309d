import { describeDriver } from '../src/index.js';
import { overRedisClient } from './redis-client.js';

describeDriver('RedisClient, Sentinel', overRedisClient(3), {
  column: 'RedisClient, Sentinel',
  topology: 'sentinel',
});
