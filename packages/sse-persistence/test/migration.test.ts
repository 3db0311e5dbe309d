import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  Message,
  RedisSSEChannelRepository,
  SignedMessage,
  SSEChannel,
  UniqueMessage,
} from '../src/index.js';
import {
  decodePickle,
  migrateFromPython,
  PickleError,
  readPythonListener,
  readPythonMessage,
} from '../src/migration/index.js';
import { pickles } from './support/pickles.js';
import { testServer } from './support/test-server.js';
import { type Way, ways } from './support/ways.js';

const bytesOf = (name: string): Buffer => Buffer.from(pickles[name] as string, 'hex');

const rich = {
  a: [1, -5, 70_000, 2 ** 40, 1.5, true, false, null, 'é😀'],
  t: [1, 2],
  n: { k: 'a' },
  t4: [1, 2, 3, 4],
  ['x'.repeat(300)]: 300,
  twice: [[1], [1]],
};

describe('pickles as data', () => {
  it.each([2, 3, 4, 5])('of protocol %i', (protocol) => {
    expect(readPythonMessage(bytesOf(`rich${protocol}`))).toEqual(new Message('rich', rich));
  });

  it('of all classes', () => {
    expect(readPythonMessage(bytesOf('signed'))).toEqual(new SignedMessage('ann', 's', 'text'));
    expect(readPythonMessage(bytesOf('unique'))).toEqual(
      new UniqueMessage('m-1', new Message('s', [1]), 'bob'),
    );
    expect(readPythonMessage(bytesOf('uniquePlain'))).toEqual(new UniqueMessage('m-2', new Message('s')));
    expect(readPythonListener(bytesOf('listener'))).toEqual({ id: 'l-1', isRunning: true });
  });

  it.each([
    ['evil4', 'REFUSED'],
    ['evil2', 'REFUSED'],
    ['evilInside', 'REFUSED'],
    ['date', 'REFUSED'],
    ['listener', 'REFUSED'],
    ['classAsValue', 'REFUSED'],
    ['bomb', 'TOO_LARGE'],
    ['cycle', 'TOO_LARGE'],
    ['huge', 'INVALID_MESSAGE_FORMAT'],
    ['bytes', 'INVALID_MESSAGE_FORMAT'],
  ])('%s is refused', (name, code) => {
    expect(() => readPythonMessage(bytesOf(name))).toThrow(expect.objectContaining({ code }));
  });

  it('that are cut anywhere are refused', () => {
    const whole = bytesOf('rich4');
    for (let end = 0; end < whole.length; end++) {
      expect(() => readPythonMessage(whole.subarray(0, end))).toThrow(PickleError);
    }
    expect(() => readPythonMessage(Buffer.concat([whole, Buffer.from([0x2e])]))).toThrow(PickleError);
    expect(() => decodePickle(whole, { classes: new Set(), maxBytes: 10 })).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
  });

  it('never do more than end in a value or a PickleError, whatever the bytes', () => {
    const classes = new Set(['eric_sse.message.Message', 'eric_sse.persistence.PersistableListener']);
    const attempt = (bytes: Uint8Array): void => {
      try {
        decodePickle(bytes, { classes });
      } catch (error) {
        if (!(error instanceof PickleError)) throw error;
      }
    };
    const known = Object.keys(pickles).map(bytesOf);
    const mutated = fc
      .tuple(fc.constantFrom(...known), fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { maxLength: 8 }))
      .map(([bytes, changes]) => {
        const copy = Uint8Array.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      });
    const opcodes = Buffer.from(
      '4e88894b4d4a8a478c584342 5d297d2861657375858687749471686a938162632e'.replace(' ', ''),
      'hex',
    );
    const programs = fc
      .array(fc.oneof(fc.constantFrom(...opcodes), fc.nat(20)), { maxLength: 60 })
      .map((list) => Uint8Array.from(list));
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated, programs), attempt), {
      numRuns: 20_000,
    });
  });
});

const server = await testServer();

describe.each(ways)('migration from Python over $name', ({ open }) => {
  let way: Way;
  beforeEach(() => {
    way = open(server);
    return () => way[Symbol.asyncDispose]();
  });

  const store = async (): Promise<void> => {
    await server.command(
      'SET',
      'eric-redis-queues:c:a:b',
      '{"channel_id": "a:b", "stream_delay_seconds": 0, "retry_timeout_milliseconds": 5}',
    );
    await way.driver.send(['SET', 'eric-redis-queues:l:a:b:l-1', bytesOf('listener')]);
    await way.driver.send(['SET', 'eric-redis-queues:l:a:b:evil', bytesOf('evil4')]);
    const names = ['rich4', 'evil4', 'signed', 'unique'];
    await way.driver.send(['RPUSH', 'eric-redis-queues:q:l-1', ...names.map(bytesOf)]);
  };

  it.each(['log', 'pop'] as const)('copies channels, listeners and messages into %s, once', async (into) => {
    await store();
    const before = await server.command(
      'DEBUG',
      'DIGEST-VALUE',
      'eric-redis-queues:q:l-1',
      'eric-redis-queues:c:a:b',
    );
    const repository = new RedisSSEChannelRepository(way.driver);
    const errors: string[] = [];
    const onError = (error: Error, key: string) => errors.push(`${key}: ${error.name}`);
    const report = await migrateFromPython(repository, { into, onError });
    expect(report).toEqual({ channels: 1, listeners: 1, messages: 3, skipped: 0, unreadable: 2 });
    expect(errors.sort()).toEqual([
      'eric-redis-queues:l:a:b:evil: PickleError',
      'eric-redis-queues:q:l-1: PickleError',
    ]);
    await migrateFromPython(repository, { into });
    const after = await server.command(
      'DEBUG',
      'DIGEST-VALUE',
      'eric-redis-queues:q:l-1',
      'eric-redis-queues:c:a:b',
    );
    expect(after).toEqual(before);
    const { connectionsRepository } = repository;
    const channel = new SSEChannel({ channelId: 'a:b', connectionsRepository, delivery: into });
    await channel.loadPersistedData();
    channel.getListener('l-1').start();
    const types: string[] = [];
    for (let i = 0; i < 3; i++) types.push((await channel.deliverNext('l-1')).type);
    expect(types).toEqual(['rich', 's', 's']);
    await expect(channel.deliverNext('l-1')).rejects.toMatchObject({ code: 'NO_MESSAGES' });
    await channel.close();
  });
});
