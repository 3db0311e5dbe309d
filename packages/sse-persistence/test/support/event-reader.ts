import { StringDecoder } from 'node:string_decoder';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Reads a `text/event-stream` whose lines end with LF, as a browser does: ids count even without data. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  comments = 0;
  retry: number | undefined;
  lastEventId: string;
  readonly #decoder: StringDecoder = new StringDecoder('utf8');
  #rest = '';
  #id: string;
  #type = '';
  #data: string[] = [];

  constructor(lastEventId = '') {
    this.#id = this.lastEventId = lastEventId;
  }

  feed(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === '') this.comments++;
    else if (field === 'id') this.#id = value;
    else if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'retry') this.retry = Number(value);
    else throw new Error(`unknown field in ${JSON.stringify(line)}`);
  }

  #dispatch(): void {
    this.lastEventId = this.#id;
    if (this.#data.length > 0) {
      this.events.push({ id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') });
    }
    this.#type = '';
    this.#data = [];
  }
}
