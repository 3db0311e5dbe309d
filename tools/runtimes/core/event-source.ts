/** An event as a browser would see it. */
export interface SeenEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Opens a stream of events; `from` is the id of the last event that was seen before. */
export async function openEvents(url: string, from?: string): Promise<EventBody> {
  const stop = new AbortController();
  const headers = from === undefined ? {} : { 'last-event-id': from };
  return new EventBody(await fetch(url, { headers, signal: stop.signal }), stop);
}

export class EventBody {
  readonly response: Response;
  readonly #stop: AbortController | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(response: Response, stop?: AbortController) {
    this.response = response;
    this.#stop = stop;
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
  }

  /** Reads on to so many events that have data. */
  async take(count: number): Promise<SeenEvent[]> {
    const events: SeenEvent[] = [];
    while (events.length < count) {
      const end = this.#text.indexOf('\n\n');
      if (end === -1) {
        const { done, value } = await this.#reader.read();
        if (done) throw new Error('the stream was over');
        this.#text += this.#decoder.decode(value, { stream: true });
        continue;
      }
      const event = eventOf(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
      if (event.data !== '') events.push(event);
    }
    return events;
  }

  /** Goes away, as a browser does whose page is closed. */
  async leave(): Promise<void> {
    if (this.#stop === undefined) return this.#reader.cancel();
    this.#stop.abort();
    await this.#reader.closed.catch(() => {});
  }
}

function eventOf(block: string): SeenEvent {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [name = '', ...rest] = line.split(': ');
    fields[name] = rest.join(': ');
  }
  const { id = '', event = 'message', data = '' } = fields;
  return { id, event, data };
}
