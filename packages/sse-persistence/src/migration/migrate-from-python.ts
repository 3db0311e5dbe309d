import type { RedisDriver } from '@redlane/client';
import { Connection } from '../connection.js';
import { PersistableListener } from '../listener.js';
import { toFields } from '../message/message-fields.js';
import type { RedisConnectionsRepository } from '../repository/redis-connections-repository.js';
import type { RedisSSEChannelRepository } from '../repository/redis-sse-channel-repository.js';
import { PYTHON_LISTENERS_GLOB, pythonListenerKey, pythonQueueKey } from '../store/storage-keys.js';
import { readPythonListener, readPythonMessage } from './python-objects.js';

/** Elements that are read at once. */
const PAGE = 100;

export interface MigrateOptions {
  /** Where waiting messages go: each listener's inbox in its channel's log, or its queue. @default 'log' */
  readonly into?: 'log' | 'pop' | undefined;
  /** Told of what cannot be read, and is left out. */
  readonly onError?: ((error: Error, key: string) => void) | undefined;
}

export interface MigrationReport {
  readonly channels: number;
  readonly listeners: number;
  readonly messages: number;
  /** Listeners whose queue in Redis was not empty any more on our side: their messages were copied before. */
  readonly skipped: number;
  /** Values that could not be read. */
  readonly unreadable: number;
}

/**
 * Copies what Python's eric_redis_queues 1.0.8 has stored: puts its channels into the index, registers its listeners, and
 * copies the messages that wait. Its keys are read only: pickles as data, without running anything. Scans all keys.
 * Run it while no Python process pops or pushes.
 *
 * @throws RepositoryError
 */
export async function migrateFromPython(
  repository: RedisSSEChannelRepository,
  { into = 'log', onError = () => undefined }: MigrateOptions = {},
): Promise<MigrationReport> {
  const report = { channels: 0, listeners: 0, messages: 0, skipped: 0, unreadable: 0 };
  const { connectionsRepository } = repository;
  const { driver } = connectionsRepository.opened;
  const bad = (error: unknown, key: string): void => {
    report.unreadable++;
    onError(error as Error, key);
  };
  for await (const channel of repository.load({ discover: true })) {
    report.channels++;
    await channel.close();
  }
  for await (const key of driver.scan({ match: PYTHON_LISTENERS_GLOB, type: 'string' })) {
    try {
      const { channelId, listenerId } = await listenerAt(driver, key);
      const queue = connectionsRepository.createQueue(listenerId);
      await connectionsRepository.persist(
        channelId,
        new Connection(new PersistableListener(listenerId), queue),
      );
      report.listeners++;
      if (into === 'pop' && (await queue.length()) > 0) report.skipped++;
      else report.messages += await copy(connectionsRepository, { channelId, listenerId, into, bad });
    } catch (error) {
      bad(error, key);
    }
  }
  return report;
}

/** The key alone does not tell where the channel's id ends. */
async function listenerAt(
  driver: RedisDriver,
  key: string,
): Promise<{ channelId: string; listenerId: string }> {
  const bytes = await driver.send(['GET', key], { replies: 'bytes' });
  const { id } = readPythonListener(bytes as Uint8Array);
  const channelId = key.slice(pythonListenerKey('', '').length - 1, -id.length - 1);
  if (pythonListenerKey(channelId, id) !== key)
    throw new Error(`${key} is not the key of the listener in it`);
  return { channelId, listenerId: id };
}

interface CopyJob {
  readonly channelId: string;
  readonly listenerId: string;
  readonly into: 'log' | 'pop';
  readonly bad: (error: unknown, key: string) => void;
}

async function copy(
  repository: RedisConnectionsRepository,
  { channelId, listenerId, into, bad }: CopyJob,
): Promise<number> {
  const { driver } = repository.opened;
  const { log } = repository.store(channelId);
  const queue = repository.createQueue(listenerId);
  const key = pythonQueueKey(listenerId);
  let copied = 0;
  for (let from = 0; ; from += PAGE) {
    const page = await driver.send(['LRANGE', key, from, from + PAGE - 1], { replies: 'bytes' });
    const elements = page as readonly Uint8Array[];
    for (const [i, element] of elements.entries()) {
      try {
        const message = readPythonMessage(element);
        if (into === 'pop') await queue.push(message);
        else {
          const idempotencyKey = `python:${encodeURIComponent(listenerId)}:${from + i}`;
          await log.append({ ...toFields(message) }, { target: listenerId, idempotencyKey });
        }
        copied++;
      } catch (error) {
        bad(error, key);
      }
    }
    if (elements.length < PAGE) return copied;
  }
}
