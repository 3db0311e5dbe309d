import { get, type IncomingMessage } from 'node:http';

/** One event, or what has an id only. */
export interface SseEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string | undefined;
}

/** Reads one response of `text/event-stream` whose lines end with LF. */
export class SseReader {
  readonly #take: (event: SseEvent) => void;
  #rest = '';
  #id = '';
  #type = '';
  #data: string[] = [];

  constructor(take: (event: SseEvent) => void) {
    this.#take = take;
  }

  /** Resolves when the response is over, or `leaves` is aborted. A connection that fails is a response that is over. */
  read(url: string, lastEventId: string | undefined, leaves: AbortSignal): Promise<void> {
    const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    return new Promise((resolve) => {
      const request = get(url, { agent: false, headers, signal: leaves });
      request.on('error', () => undefined);
      request.on('close', resolve);
      request.on('response', (response: IncomingMessage) => {
        response.on('error', () => undefined);
        response.setEncoding('utf8').on('data', (text: string) => {
          if (!leaves.aborted) this.feed(text);
        });
      });
    });
  }

  feed(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (line === '') this.#dispatch();
    else if (field === 'id') this.#id = value;
    else if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data.push(value);
  }

  #dispatch(): void {
    const data = this.#data.length === 0 ? undefined : this.#data.join('\n');
    this.#take({ id: this.#id, type: this.#type || 'message', data });
    this.#type = '';
    this.#data = [];
  }
}
