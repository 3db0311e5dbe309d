import { EventEmitter, once } from 'node:events';

/** What a listener was called with, and a way to wait for it. */
export class Heard {
  readonly messages: string[] = [];
  readonly #emitter: EventEmitter = new EventEmitter();

  readonly listener = (channel: string, message: string): void => {
    this.messages.push(`${channel}: ${message}`);
    this.#emitter.emit('heard');
  };

  /** Resolves when it was called with this message. */
  async until(message: string): Promise<void> {
    while (this.messages.at(-1)?.endsWith(`: ${message}`) !== true) await once(this.#emitter, 'heard');
  }

  /** Resolves when there are so many. */
  async count(count: number): Promise<void> {
    while (this.messages.length < count) await once(this.#emitter, 'heard');
  }
}

/** A promise with its handles. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
