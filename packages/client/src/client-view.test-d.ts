import { clientCache } from './cache/index.js';
import { type ClientView, RedisClient, type RespValue } from './index.js';

const client = new RedisClient({ clientCache: clientCache({ mode: 'bcast', prefixes: ['user:'] }) });

void (client.cached('GET', 'k') satisfies Promise<RespValue>);
void (client.cached<string | null>('get', 'k') satisfies Promise<string | null>);
void (client.cached<string[]>(['LRANGE', 'k', 0, -1]) satisfies Promise<string[]>);
client.with({ replies: 'bytes' }) satisfies ClientView;
void client.with({ maps: 'object' }).cached<Record<string, string>>('HGETALL', 'k');

// @ts-expect-error a write
void client.cached('SET', 'k', 'v');
// @ts-expect-error a read of several keys
void client.cached('MGET', 'a', 'b');
// @ts-expect-error the other way to write a name
void client.cached('Get', 'k');
// @ts-expect-error options without the code
new RedisClient({ clientCache: { maxBytes: 1 } });
// @ts-expect-error no such mode
clientCache({ mode: 'broadcast' });
