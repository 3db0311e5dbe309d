import { describeDriver } from '../src/index.js';
import { overIoredis5, overIoredis6, overIoredis6Resp3 } from './ioredis.js';

describeDriver('ioredis 6', overIoredis6, { column: 'ioredis Redis' });
describeDriver('ioredis 6, replyMapping resp3', overIoredis6Resp3, {
  column: 'ioredis Redis',
  only: ['send', 'shapes', 'batch', 'run', 'lease', 'subscribe'],
});
describeDriver('ioredis 5', overIoredis5, { column: 'ioredis Redis' });
