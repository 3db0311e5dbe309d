import { describeDriver } from '../src/index.js';
import { overIoredis6 } from './ioredis.js';

describeDriver('ioredis 6, Sentinel', overIoredis6, {
  column: 'ioredis Redis, Sentinel',
  topology: 'sentinel',
});
