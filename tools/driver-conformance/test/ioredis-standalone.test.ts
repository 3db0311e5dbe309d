import * as ioredis from 'ioredis';
import * as ioredis5 from 'ioredis5';
import { describeDriver } from '../src/index.js';
import { overIoredis } from './ioredis-maker.js';

describeDriver('ioredis 6', overIoredis(ioredis), { column: 'ioredis Redis' });
describeDriver('ioredis 5', overIoredis(ioredis5), { column: 'ioredis Redis' });
