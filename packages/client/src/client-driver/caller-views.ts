import type { Caller } from '../caller.js';
import type { DriverCallOptions } from '../driver.js';

/** A caller with the settings that each call of a driver asks for. Common ones are made once. */
export class CallerViews {
  readonly #text: Caller;
  readonly #bytes: Caller;
  readonly #bySignal: WeakMap<AbortSignal, Caller> = new WeakMap();

  constructor(caller: Caller) {
    this.#text = caller.with({ replies: 'string', maps: 'map' });
    this.#bytes = this.#text.with({ replies: 'bytes' });
  }

  get({ signal, timeoutMs, replies }: DriverCallOptions): Caller {
    if (signal === undefined) {
      const caller = replies === 'bytes' ? this.#bytes : this.#text;
      return timeoutMs === undefined ? caller : caller.with({ timeoutMs });
    }
    const caller = this.#withSignal(signal);
    return timeoutMs === undefined && replies !== 'bytes' ? caller : caller.with({ timeoutMs, replies });
  }

  /** One for each signal, so that it gets one listener for all calls. */
  #withSignal(signal: AbortSignal): Caller {
    let caller = this.#bySignal.get(signal);
    if (caller === undefined) {
      caller = this.#text.with({ signal });
      this.#bySignal.set(signal, caller);
    }
    return caller;
  }
}
