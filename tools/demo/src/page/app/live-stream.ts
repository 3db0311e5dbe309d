import type { Announcement, FaultReport, OrderEvent, Panel, Totals } from '../../contract.js';
import { randomId } from './random-id.js';

/** What the desk tells, by the names of the events. */
export interface DeskEvents {
  order: OrderEvent;
  announcement: Announcement;
  totals: Totals;
  panel: Panel;
  fault: FaultReport;
}

export type DeskEvent = {
  [Name in keyof DeskEvents]: { name: Name; data: DeskEvents[Name] };
}[keyof DeskEvents];

/** `lost`: the way to the desk is broken, and attempts go on. `offline`: the person wants it so. */
export type StreamState = 'connecting' | 'live' | 'lost' | 'offline';

export interface LiveStreamOptions {
  readonly onEvent: (event: DeskEvent, id: string) => void;
  /** What came before the stream, or between its events, is not known: ask for all of it. */
  readonly onGap: (why: 'new' | 'reset') => void;
  readonly onState: (state: StreamState) => void;
}

const NAMES: readonly (keyof DeskEvents)[] = ['order', 'announcement', 'totals', 'panel', 'fault'];
const DESK = 'redlane-desk';
const REOPEN_MS = 1_500;

/**
 * The page's `EventSource`. The browser itself reconnects with the id of the last event; where it does not (an answer other
 * than 200, or a stream that we have closed), a new one takes the id along in its address.
 */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  #source: EventSource | undefined;
  #cursor = '';
  #timer: number | undefined;
  #state: StreamState | undefined;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
  }

  open(): void {
    this.#tell('connecting');
    this.#connect();
  }

  /** Goes offline. */
  close(): void {
    this.#close();
    this.#tell('offline');
  }

  #connect(): void {
    this.#close();
    const query = new URLSearchParams({ desk: deskId() });
    if (this.#cursor !== '') query.set('lastEventId', this.#cursor);
    const source = new EventSource(`/events?${query}`);
    this.#source = source;
    source.onopen = () => {
      this.#tell('live');
      // From here on nothing is missed; a stream that goes on where it was has missed nothing either.
      if (this.#cursor === '') this.#options.onGap('new');
    };
    source.onerror = () => this.#failed(source);
    for (const name of NAMES) {
      source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
        this.#cursor = lastEventId;
        this.#options.onEvent({ name, data: JSON.parse(data) } as DeskEvent, lastEventId);
      });
    }
    source.addEventListener('reset', ({ lastEventId }: MessageEvent<string>) => {
      this.#cursor = lastEventId;
      this.#options.onGap('reset');
    });
    // A tab that was duplicated has the id of the one it was made from: whoever is pushed out takes another.
    source.addEventListener('taken-over', () => {
      sessionStorage.removeItem(DESK);
      this.#tell('connecting');
      this.#reopenSoon();
    });
  }

  #close(): void {
    window.clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #failed(source: EventSource): void {
    if (source !== this.#source) return;
    this.#tell('lost');
    if (source.readyState === EventSource.CLOSED) this.#reopenSoon();
  }

  #reopenSoon(): void {
    this.#close();
    this.#timer = window.setTimeout(() => this.#connect(), REOPEN_MS);
  }

  #tell(state: StreamState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** The name of this tab as a listener; a reload keeps it. */
function deskId(): string {
  const known = sessionStorage.getItem(DESK);
  if (known !== null) return known;
  const made = randomId();
  sessionStorage.setItem(DESK, made);
  return made;
}
