import type { DriverEvents } from '../driver.js';

type Listener<Name extends keyof DriverEvents> = (...args: DriverEvents[Name]) => void;
type Listeners = { readonly [Name in keyof DriverEvents]: Set<Listener<Name>> };

/** A driver's listeners. One that throws is reported to those of `error`, and hurts nobody else. */
export class DriverListeners {
  readonly #listeners: Listeners = { ready: new Set(), down: new Set(), gap: new Set(), error: new Set() };

  /** The same listener may be added twice, and is called twice. */
  on<Name extends keyof DriverEvents>(event: Name, listener: Listener<Name>): Disposable {
    const listeners: Set<Listener<Name>> = this.#listeners[event];
    const entry: Listener<Name> = (...args) => listener(...args);
    listeners.add(entry);
    return { [Symbol.dispose]: () => void listeners.delete(entry) };
  }

  emit<Name extends keyof DriverEvents>(event: Name, ...args: DriverEvents[Name]): void {
    const listeners: Set<Listener<Name>> = this.#listeners[event];
    for (const listener of [...listeners]) {
      try {
        listener(...args);
      } catch (error) {
        if (event === 'error') process.emitWarning(asError(error), { code: 'REDLANE_DRIVER_LISTENER' });
        else this.emit('error', asError(error));
      }
    }
  }

  clear(): void {
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
