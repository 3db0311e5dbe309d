import { describeDriver } from '../src/index.js';
import { overIoredis6 } from './ioredis.js';

describeDriver('ioredis 6, Cluster', overIoredis6, { column: 'ioredis Cluster', topology: 'cluster' });
