import { AbortError, ClosedError, TimeoutError } from './errors.js';

/** Where a client stands. */
export type ClientState =
  /** An attempt is under way; `attempt` counts from 1 since the last connection. */
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'ready' }
  /** No connection; the next attempt begins in `retryInMs`. `cause` is why the last one ended. */
  | { readonly state: 'down'; readonly cause: Error; readonly retryInMs: number }
  /** For good. `cause` is there when it was not `close()`. */
  | { readonly state: 'closed'; readonly cause?: Error };

export interface UntilOptions {
  readonly signal?: AbortSignal | undefined;
  /** In ms; 0, `Infinity` and what no timer can measure: no limit. @default 0 */
  readonly timeoutMs?: number | undefined;
}

/**
 * The state of a client, to look at, to wait for and to iterate. A loss is a state here, never an `'error'` event.
 *
 * An iteration begins with the state at its first `next()`, goes on with each change, and ends after `closed`. A reader
 * that is slower than the changes gets the newest state and none of those in between, so that nothing piles up.
 *
 * @example
 * for await (const { state } of client.status) console.log(state);
 */
export interface ClientStatus extends AsyncIterable<ClientState> {
  [Symbol.asyncIterator](): AsyncIterator<ClientState, void, undefined>;
  readonly current: ClientState;
  /**
   * Resolves with the details when the client is in that state, at once if it is now.
   *
   * @throws {@link TimeoutError} `TIMEOUT`, {@link AbortError} `ABORTED`, and {@link ClosedError} `CLOSED` when the client
   * was closed while another state was waited for
   */
  until<State extends ClientState['state']>(
    state: State,
    options?: UntilOptions,
  ): Promise<Extract<ClientState, { state: State }>>;
}

/** A status together with the right to change it. After `closed` it stays as it is. */
export class StatusSource {
  readonly status: ClientStatus;
  readonly #watchers: Set<(state: ClientState) => void> = new Set();
  #current: ClientState;

  constructor(initial: ClientState) {
    this.#current = initial;
    const source = this;
    this.status = Object.freeze<ClientStatus>({
      get current() {
        return source.#current;
      },
      until: (state, options) => source.#until(state, options),
      [Symbol.asyncIterator]: () => new StateIterator(source),
    });
  }

  get current(): ClientState {
    return this.#current;
  }

  /** Nobody's code runs before this returns: readers go on in a later microtask. */
  set(state: ClientState): void {
    if (this.#current.state === 'closed') return;
    this.#current = state;
    for (const watcher of [...this.#watchers]) watcher(state);
  }

  watch(watcher: (state: ClientState) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #until<State extends ClientState['state']>(
    wanted: State,
    { signal, timeoutMs = 0 }: UntilOptions = {},
  ): Promise<Extract<ClientState, { state: State }>> {
    const what = `waiting for the client to be ${wanted}`;
    const nothing = { maybeExecuted: false, phase: 'connecting' } as const;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let unwatch: (() => void) | undefined;
      const settle = (): void => {
        clearTimeout(timer);
        unwatch?.();
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        settle();
        reject(new AbortError(what, { ...nothing, cause: signal?.reason }));
      };
      const look = (state: ClientState): boolean => {
        if (state.state === wanted) resolve(state as Extract<ClientState, { state: State }>);
        else if (state.state === 'closed')
          reject(new ClosedError('client', { ...nothing, cause: state.cause }));
        else return false;
        settle();
        return true;
      };
      if (signal?.aborted) return abort();
      if (look(this.#current)) return;
      unwatch = this.watch(look);
      signal?.addEventListener('abort', abort);
      if (timeoutMs > 0 && timeoutMs < 2 ** 31) {
        timer = setTimeout(() => {
          settle();
          reject(new TimeoutError(what, { ...nothing, timeoutMs }));
        }, timeoutMs);
      }
    });
  }
}

class StateIterator implements AsyncIterator<ClientState, void, undefined> {
  readonly #source: StatusSource;
  #unwatch: (() => void) | undefined;
  /** What has not been read. */
  #newest: ClientState | undefined;
  #ended = false;
  #readers: ((result: IteratorResult<ClientState, void>) => void)[] = [];

  constructor(source: StatusSource) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<ClientState, void>> {
    if (this.#unwatch === undefined && !this.#ended) {
      this.#newest = this.#source.current;
      this.#unwatch = this.#source.watch((state) => this.#take(state));
    }
    return new Promise((resolve) => {
      this.#readers.push(resolve);
      this.#serve();
    });
  }

  return(): Promise<IteratorResult<ClientState, void>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(state: ClientState): void {
    this.#newest = state;
    this.#serve();
  }

  #serve(): void {
    const value = this.#newest;
    if (value !== undefined && this.#readers.length > 0) {
      this.#newest = undefined;
      this.#readers.shift()?.({ done: false, value });
      if (value.state === 'closed') this.#end();
    }
    if (this.#ended) this.#finishReaders();
  }

  #end(): void {
    this.#ended = true;
    this.#newest = undefined;
    this.#unwatch?.();
    this.#finishReaders();
  }

  #finishReaders(): void {
    for (const finish of this.#readers.splice(0)) finish({ done: true, value: undefined });
  }
}
