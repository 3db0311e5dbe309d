import { InvalidOptionError, type RedisDriver } from '@redlane/client';
import { type DriverSource, toDriver } from '@redlane/client/driver';
import { StreamLog } from '@redlane/client/stream-log';
import { SseError } from '../session/sse-error.js';

export interface RedisEventStoreOptions {
  /** The session whose events these are. A store hands out nothing of other sessions, whatever id it is asked for. */
  readonly session: string;
  /** How many events of the session are kept. @default 1_000 */
  readonly size?: number | undefined;
  /** How long events are kept, in ms; 1_000 or more. @default 3_600_000 (an hour) */
  readonly ageMs?: number | undefined;
  /** Of the session's keys. @default 'sse:mcp' */
  readonly prefix?: string | undefined;
}

/** What a replay sends to. */
export interface EventReplay<Message> {
  send(eventId: string, message: Message): Promise<void>;
}

/** Between the place of an event, which does not contain it, and its stream. */
const SEPARATOR = '~';
const PAGE = 500;

/**
 * Keeps the messages of one session of the Model Context Protocol's streamable HTTP transport, so that a client may resume
 * any of its streams, on any node. It has the shape of the TypeScript SDK's `EventStore`.
 *
 * @example
 * const eventStore = new RedisEventStore(redis, { session: sessionId });
 * const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => sessionId, eventStore });
 */
export class RedisEventStore<Message extends object = object> implements AsyncDisposable {
  readonly #driver: RedisDriver;
  readonly #ownsDriver: boolean;
  readonly #log: StreamLog<'string'>;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(
    source: DriverSource,
    { session, size = 1_000, ageMs = 3_600_000, prefix = 'sse:mcp' }: RedisEventStoreOptions,
  ) {
    if (typeof session !== 'string' || session === '') {
      throw new InvalidOptionError('session', 'must be the id of a session, a string that is not empty');
    }
    if (!Number.isSafeInteger(ageMs) || ageMs < 1_000) {
      throw new InvalidOptionError(
        'ageMs',
        `must be a whole number of ms from 1_000 on, got ${String(ageMs)}`,
      );
    }
    this.#driver = toDriver(source);
    this.#ownsDriver = this.#driver !== source;
    this.#log = new StreamLog(this.#driver, {
      keys: `${prefix}:{${encodeURIComponent(session)}}`,
      history: { size, ageMs },
      metaTtlMs: ageMs,
      replies: 'string',
    });
  }

  /**
   * Keeps a message.
   *
   * @returns its id
   */
  async storeEvent(streamId: string, message: Message): Promise<string> {
    const { position } = await this.#log.append({ stream: streamId, message: JSON.stringify(message) });
    return `${position}${SEPARATOR}${encodeURIComponent(streamId)}`;
  }

  /** The stream of an event, or `undefined` when that is no event's id. */
  getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return Promise.resolve(parseEventId(eventId)?.streamId);
  }

  /**
   * Sends what came behind an event in its stream, in order.
   *
   * @returns the stream
   * @throws SseError (`EVENT_NOT_FOUND`) when it is no event of this session, or messages behind it are not kept any more
   */
  async replayEventsAfter(lastEventId: string, { send }: EventReplay<Message>): Promise<string> {
    const event = parseEventId(lastEventId);
    if (event === undefined) throw notFound('it is no id of an event');
    const { streamId } = event;
    let cursor = event.position;
    for (let more = true; more; ) {
      const page = await this.#log.read(cursor, { limit: PAGE });
      if (page.reset !== undefined) throw notFound(`what came behind it is gone (${page.reset})`);
      for (const { position, data } of page.entries) {
        const { stream, message = '' } = data;
        if (stream !== streamId) continue;
        await send(`${position}${SEPARATOR}${encodeURIComponent(streamId)}`, JSON.parse(message));
      }
      cursor = page.position;
      more = page.more;
    }
    return streamId;
  }

  /** Forgets all events: the session is over. */
  async remove(): Promise<void> {
    await this.#log.remove();
  }

  /** Ends the store. What was passed in stays open. */
  async close(): Promise<void> {
    await this.#log.close();
    if (this.#ownsDriver) await this.#driver.close();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** It comes from a client: it may be anything. */
function parseEventId(eventId: string): { position: string; streamId: string } | undefined {
  const separator = eventId.indexOf(SEPARATOR);
  if (separator < 1 || separator === eventId.length - 1) return undefined;
  try {
    const streamId = decodeURIComponent(eventId.slice(separator + 1));
    return { position: eventId.slice(0, separator), streamId };
  } catch {
    return undefined;
  }
}

function notFound(why: string): SseError {
  return new SseError('EVENT_NOT_FOUND', `cannot replay behind this event: ${why}; begin a new stream`);
}
