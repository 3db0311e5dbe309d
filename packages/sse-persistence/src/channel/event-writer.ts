import type { LogEntry } from '@redlane/client/stream-log';
import type { FeedItem } from '../event-feed.js';
import type { AnyMessage, MessageContract } from '../message/message.js';
import { fromFields } from '../message/message-fields.js';
import { EventFrame } from '../session/event-frame.js';
import type { ChannelCounters } from './channel-counters.js';
import { publishChannelEvent } from './channel-diagnostics.js';

/** What a client gets of a payload. */
export type PayloadAdapter = (payload: unknown, message: MessageContract) => string;

/** Strings as they are, all else as JSON. */
export const defaultPayloadAdapter: PayloadAdapter = (payload) =>
  typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? 'null');

type EventItem = Extract<FeedItem, { type: 'event' }>;

/** Makes messages, and items for clients, of a log's entries: each once in a process, however many read it. */
export class EventWriter {
  readonly #channelId: string;
  readonly #adapt: PayloadAdapter;
  readonly #counters: ChannelCounters;
  readonly #messages: WeakMap<LogEntry<string>, AnyMessage | typeof BAD> = new WeakMap();
  readonly #items: WeakMap<LogEntry<string>, EventItem | typeof BAD> = new WeakMap();
  /** What was asked for last: mostly all who read a channel ask for the same, one after the other. */
  #latest: { readonly entry: LogEntry<string>; readonly item: EventItem | undefined } | undefined;

  constructor(channelId: string, adapt: PayloadAdapter, counters: ChannelCounters) {
    this.#channelId = channelId;
    this.#adapt = adapt;
    this.#counters = counters;
  }

  dataOf(message: MessageContract): string {
    return this.#adapt(message.payload, message);
  }

  /** `undefined`: something else has written it, or the adapter refuses it. Reported once. */
  message(entry: LogEntry<string>): AnyMessage | undefined {
    return this.#once(this.#messages, entry, () => fromFields(entry.data));
  }

  item(entry: LogEntry<string>): EventItem | undefined {
    if (this.#latest?.entry !== entry) {
      const item = this.#once(this.#items, entry, () => this.#makeItem(entry));
      this.#latest = { entry, item };
    }
    return this.#latest.item;
  }

  #makeItem(entry: LogEntry<string>): EventItem {
    const message = fromFields(entry.data);
    const data = this.dataOf(message);
    return { type: 'event', frame: EventFrame.of({ id: entry.position, event: message.type, data }) };
  }

  #once<Made extends object>(
    known: WeakMap<LogEntry<string>, Made | typeof BAD>,
    entry: LogEntry<string>,
    make: () => Made,
  ): Made | undefined {
    let made = known.get(entry);
    if (made === undefined) {
      try {
        made = make();
      } catch (error) {
        made = BAD;
        this.#counters.undecodable++;
        const { position } = entry;
        publishChannelEvent({ event: 'undecodable', channel: this.#channelId, position, error });
      }
      known.set(entry, made);
    }
    return made === BAD ? undefined : (made as Made);
  }
}

/** It cannot be made. */
const BAD: unique symbol = Symbol('bad');
