import type { LogEntry } from '@redlane/client/stream-log';
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

/** Makes messages, and frames for clients, of a log's entries: each once in a process, however many read it. */
export class EventWriter {
  readonly #channelId: string;
  readonly #adapt: PayloadAdapter;
  readonly #counters: ChannelCounters;
  readonly #messages: WeakMap<LogEntry<string>, AnyMessage | typeof BAD> = new WeakMap();
  readonly #frames: WeakMap<LogEntry<string>, EventFrame | typeof BAD> = new WeakMap();

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

  frame(entry: LogEntry<string>): EventFrame | undefined {
    return this.#once(this.#frames, entry, () => {
      const message = fromFields(entry.data);
      return EventFrame.of({ id: entry.position, event: message.type, data: this.dataOf(message) });
    });
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
