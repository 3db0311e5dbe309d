import { describeDriver } from '../src/index.js';
import { overRedisClient } from './redis-client.js';

describeDriver('RedisClient, RESP3', overRedisClient(3), { column: 'RedisClient' });
describeDriver('RedisClient, RESP2', overRedisClient(2), { column: 'RedisClient' });
