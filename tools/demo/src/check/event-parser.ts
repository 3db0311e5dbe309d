/** One event of a stream, as a browser's EventSource would hand it out. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/** Takes a `text/event-stream` apart. What stands behind the last empty line when the stream breaks off does not count. */
export class EventParser {
  /** To come back with; the empty text: none yet. */
  lastEventId = '';
  /** How long to wait before coming back, if the stream has said so. */
  retryMs: number | undefined;
  #rest = '';
  #type = '';
  #data: string[] = [];
  #id: string;

  constructor(lastEventId = '') {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  feed(text: string): StreamEvent[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  #take(line: string): StreamEvent[] {
    if (line === '') return this.#end();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    return [];
  }

  #end(): StreamEvent[] {
    this.lastEventId = this.#id;
    const event = { type: this.#type || 'message', data: this.#data.join('\n') };
    const hasData = this.#data.length > 0;
    this.#type = '';
    this.#data = [];
    return hasData ? [event] : [];
  }
}
