import type { Logger } from './logger.js';
import { callable } from './option-checks.js';

type Listeners<Map> = { [Name in keyof Map]?: Set<(event: Map[Name]) => unknown> };

/** Named events. A listener that throws hurts neither the others nor whoever emits; nobody has to listen, also to `error`. */
export class Events<Map extends object> {
  readonly #listeners: Listeners<Map> = {};
  readonly #logger: Logger | undefined;

  constructor(logger?: Logger) {
    this.#logger = logger;
  }

  on<Name extends keyof Map>(name: Name, listener: (event: Map[Name]) => unknown): Disposable {
    callable(listener, 'listener');
    // One of its own, so that the same function can listen twice.
    const entry = (event: Map[Name]): unknown => listener(event);
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    listeners.add(entry);
    return { [Symbol.dispose]: () => void listeners.delete(entry) };
  }

  emit<Name extends keyof Map>(name: Name, event: Map[Name]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        const outcome = listener(event);
        if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#report(name, error));
      } catch (error) {
        this.#report(name, error);
      }
    }
  }

  #report(name: keyof Map, error: unknown): void {
    if (this.#logger === undefined) process.emitWarning(error instanceof Error ? error : String(error));
    else logSafely(this.#logger, 'error', `a listener of ${String(name)} has thrown`, { error });
  }
}

/** A logger that throws must not break what it is told of. */
export function logSafely(
  logger: Logger | undefined,
  level: keyof Logger,
  message: string,
  details: object,
): void {
  try {
    logger?.[level]?.(message, details);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
