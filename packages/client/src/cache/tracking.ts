import { type CommandArgument, RedisError, type RespPush, type RespValue } from '@redlane/resp3-core';
import { type BatchReply, Command, callSettings } from '../command.js';
import type { Connection } from '../connection.js';
import { debug } from '../debug-log.js';
import type { ConnectionUser, Engine } from '../engine.js';
import type { ResolvedCacheOptions } from './cache-options.js';
import type { CacheStore } from './cache-store.js';
import { bytesText } from './key-text.js';

/** Whether the server reports to us which keys change: `'starting'` until it has said so on the present connection. */
export type TrackingState = 'starting' | 'on' | 'off';

/**
 * Has the server report changed keys (CLIENT TRACKING) on each new shared connection before anything else is sent there, and
 * removes from the store what it reports. A connection's end takes all entries along.
 */
export class Tracking implements ConnectionUser {
  readonly #store: CacheStore;
  readonly #engine: Engine;
  readonly #request: readonly CommandArgument[];
  #connection: Connection | undefined;
  #state: TrackingState = 'starting';
  #warned = false;
  /** Keys that were reported; a report that all have changed counts as one. */
  invalidations = 0;

  constructor(engine: Engine, store: CacheStore, options: ResolvedCacheOptions) {
    this.#engine = engine;
    this.#store = store;
    this.#request = requestOf(options);
    engine.onInvalidate = (push, connection) => this.#invalidated(push, connection);
    engine.use(this);
  }

  get state(): TrackingState {
    return this.#state;
  }

  opened(connection: Connection): void {
    this.#connection = connection;
    this.#state = 'starting';
    if (connection.protocol !== 3) {
      this.refused('the connection speaks RESP2, which has no pushes');
      return;
    }
    const settings = { ...callSettings(this.#engine.options), replies: 'string' } as const;
    // As a batch, so that a refusal is not sent again; and answered inside of the decoder, so that what is decoded after the
    // reply finds the new state.
    const batch = [this.#request];
    connection.send(
      new Command(
        this.#request,
        batch,
        settings,
        false,
        Number.POSITIVE_INFINITY,
        0,
        ([reply]: BatchReply[]) => {
          if (connection !== this.#connection) return;
          if (reply instanceof RedisError) this.refused(reply.message);
          else this.#state = 'on';
        },
        // The connection has ended; lost() has said so.
        () => undefined,
      ),
    );
  }

  lost(): void {
    this.#connection = undefined;
    this.#state = 'starting';
    this.#store.clear();
  }

  /** The server does not do what a cache needs: until the next connection, nothing is kept. */
  refused(reason: string): void {
    this.#state = 'off';
    this.#store.clear();
    debug('nothing is cached on connection %s: %s', this.#connection?.id ?? '?', reason);
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning(`clientCache is without effect, and reads go to the server: ${reason}`, {
      code: 'REDLANE_CACHE_OFF',
    });
  }

  #invalidated(push: RespPush, connection: Connection): void {
    const [keys] = push.data;
    if (connection === this.#connection) {
      if (!Array.isArray(keys)) this.#allChanged();
      else for (const key of keys) this.#changed(key);
    }
    // It came in bytes for us; callbacks get it as any other push.
    if (Array.isArray(keys)) push.data[0] = keys.map(readable);
  }

  #changed(key: unknown): void {
    if (!(key instanceof Uint8Array)) {
      this.#allChanged();
      return;
    }
    this.invalidations++;
    this.#store.invalidate(bytesText(key));
  }

  /** FLUSHALL and FLUSHDB, and whatever cannot be understood. */
  #allChanged(): void {
    this.invalidations++;
    this.#store.clear();
  }
}

function readable(key: RespValue): RespValue {
  return key instanceof Uint8Array ? Buffer.from(key).toString() : key;
}

function requestOf({ mode, prefixes, noLoop }: ResolvedCacheOptions): CommandArgument[] {
  const words: CommandArgument[] = ['CLIENT', 'TRACKING', 'ON'];
  if (mode === 'optin') words.push('OPTIN');
  if (mode === 'bcast') words.push('BCAST');
  for (const prefix of prefixes) words.push('PREFIX', prefix);
  if (noLoop) words.push('NOLOOP');
  return words;
}
