import type { RespValue } from '@redlane/resp3-core';
import { expectTypeOf } from 'vitest';
import type { RedisClient } from '../client.js';
import type { DriverLease, RedisDriver } from '../driver.js';
import type { Session } from '../session.js';
import { type Commands, commandsOf, type StreamEntry } from './index.js';

declare const client: RedisClient;
declare const session: Session;
declare const driver: RedisDriver;
declare const lease: DriverLease;

expectTypeOf(commandsOf(client)).toEqualTypeOf<Commands>();
expectTypeOf(commandsOf(client.with({ timeoutMs: 5 }))).toEqualTypeOf<Commands>();
expectTypeOf(commandsOf(session)).toEqualTypeOf<Commands>();
expectTypeOf(commandsOf(driver)).toEqualTypeOf<Commands>();
expectTypeOf(commandsOf(lease, { timeoutMs: 5 })).toEqualTypeOf<Commands>();
expectTypeOf(commandsOf(driver, { replies: 'bytes' })).toEqualTypeOf<Commands<Uint8Array>>();
// @ts-expect-error it can call nothing
commandsOf({});

const commands = commandsOf(client);
const bytes = commandsOf(client, { replies: 'bytes' });

expectTypeOf(commands.get('k')).resolves.toEqualTypeOf<string | undefined>();
expectTypeOf(bytes.get('k')).resolves.toEqualTypeOf<Uint8Array | undefined>();
expectTypeOf(commands.set('k', 'v', { ex: 10, nx: true })).resolves.toEqualTypeOf<'OK' | undefined>();
expectTypeOf(commands.set('k', 'v', { get: true })).resolves.toEqualTypeOf<string | undefined>();
// @ts-expect-error no such option
void commands.set('k', 'v', { expire: 10 });
// @ts-expect-error seconds are a number
void commands.set('k', 'v', { ex: '10' });
// @ts-expect-error a boolean is no argument
void commands.set('k', true);
// @ts-expect-error a value is missing
void commands.set('k');

expectTypeOf(commands.incr('n')).resolves.toEqualTypeOf<number | bigint>();
expectTypeOf(commands.hgetall('h')).resolves.toEqualTypeOf<Map<string, string>>();
void commands.hset('h', 'field', 'value');
void commands.hset('h', { field: 1 });
// @ts-expect-error a field without a value
void commands.hset('h', 'field');

expectTypeOf(commands.lpop('l')).resolves.toEqualTypeOf<string | undefined>();
expectTypeOf(commands.lpop('l', 2)).resolves.toEqualTypeOf<string[]>();
expectTypeOf(commands.zrange('z', 0, -1)).resolves.toEqualTypeOf<string[]>();
expectTypeOf(commands.zrange('z', 0, -1, { rev: true, withScores: true })).resolves.toEqualTypeOf<
  [member: string, score: number][]
>();
expectTypeOf(commands.xrange('x', '-', '+')).resolves.toEqualTypeOf<StreamEntry[]>();
expectTypeOf(bytes.xread({ x: 0 })).resolves.toEqualTypeOf<Map<string, StreamEntry<Uint8Array>[]>>();

expectTypeOf(commands.clientList()).resolves.toEqualTypeOf<RespValue>();
expectTypeOf(commands.objectEncoding<string>('k')).resolves.toEqualTypeOf<string>();
expectTypeOf(commands.jsonGet<string | null>('doc', '$.a')).resolves.toEqualTypeOf<string | null>();
// @ts-expect-error no server has it
void commands.clientNoSuchThing();
// @ts-expect-error an object is no argument
void commands.objectEncoding({});
