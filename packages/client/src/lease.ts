/** How to wait for a connection. */
export interface AcquireOptions {
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
  /** How long to wait, ms; 0 or Infinity: for ever. @default the pool's `acquireTimeoutMs` */
  timeoutMs?: number | undefined;
}

/** A connection that is yours alone until the lease is disposed; disposing twice does no harm. */
export class Lease<C> implements AsyncDisposable {
  readonly connection: C;
  readonly #giveBack: () => void;

  constructor(connection: C, giveBack: () => void) {
    this.connection = connection;
    this.#giveBack = giveBack;
  }

  /** Gives the connection back; its reset, when it needs one, goes on in the background. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#giveBack();
    return Promise.resolve();
  }
}
