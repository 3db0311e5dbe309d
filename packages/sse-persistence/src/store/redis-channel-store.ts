import type { RedisDriver } from '@redlane/client';
import { StreamLog, type StreamLogOptions } from '@redlane/client/stream-log';
import type { ChannelStore } from './channel-store.js';
import { type DirectoryOptions, RedisDirectory } from './redis-directory.js';
import { channelKeys } from './storage-keys.js';

/** What a channel's log keeps, and how it is read: options of `StreamLog`. */
export type ChannelLogOptions = Omit<StreamLogOptions<'string'>, 'keys' | 'replies'>;

/** A channel in Redis: the log with its inboxes, and its listeners. */
export class RedisChannelStore implements ChannelStore {
  readonly log: StreamLog<'string'>;
  readonly directory: RedisDirectory;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(
    driver: RedisDriver,
    channelId: string,
    { log, directory }: { readonly log: ChannelLogOptions; readonly directory: DirectoryOptions },
  ) {
    const keys = channelKeys(channelId);
    this.log = new StreamLog(driver, { ...log, keys: keys.log, replies: 'string' });
    this.directory = new RedisDirectory(driver, keys, directory);
  }
}
