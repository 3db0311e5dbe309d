import type { PooledConnection } from './pool-options.js';

/** An answer that the test gives when it wants to. */
export class Pending<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: Error) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** A connection without a socket. Checks and resets succeed at once, unless the server answers by hand. */
export class FakeConnection implements PooledConnection {
  closed = false;
  createdAt: number = performance.now();
  idle = true;
  dirty = false;
  onClosed: ((connection: never) => void) | undefined;
  destroyedBy: Error | undefined;
  checks = 0;
  resets = 0;
  probe: Pending<boolean> | undefined;
  readonly #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  check(): Promise<boolean> {
    this.checks++;
    return this.#probe();
  }

  async reset(): Promise<boolean> {
    this.resets++;
    const done = await this.#probe();
    if (done) this.dirty = false;
    return done;
  }

  destroy(cause?: Error): void {
    this.closed = true;
    this.destroyedBy = cause;
    this.probe?.resolve(false);
  }

  /** The socket goes. */
  die(): void {
    this.closed = true;
    this.probe?.resolve(false);
    (this.onClosed as (() => void) | undefined)?.();
  }

  #probe(): Promise<boolean> {
    if (!this.#server.byHand) return Promise.resolve(true);
    this.probe = new Pending();
    return this.probe.promise;
  }
}

export interface FakeDial {
  readonly signal: AbortSignal;
  readonly succeed: () => FakeConnection;
  readonly fail: (reason?: unknown) => void;
}

/** Opens fake connections: at once, or when the test says so (`byHand`). */
export class FakeServer {
  byHand: boolean;
  /** Every connection ever opened. */
  readonly connections: FakeConnection[] = [];
  /** Dials without an outcome, oldest first. */
  readonly dials: FakeDial[] = [];
  dialed = 0;

  constructor({ byHand = false }: { byHand?: boolean } = {}) {
    this.byHand = byHand;
  }

  readonly spawnConnection = (signal: AbortSignal): Promise<FakeConnection> => {
    this.dialed++;
    if (!this.byHand) return Promise.resolve(this.#open());
    const opening = new Pending<FakeConnection>();
    const settled = (): void => {
      const index = this.dials.indexOf(dial);
      if (index >= 0) this.dials.splice(index, 1);
    };
    const dial: FakeDial = {
      signal,
      succeed: () => {
        settled();
        const connection = this.#open();
        opening.resolve(connection);
        return connection;
      },
      fail: (reason = new Error('refused')) => {
        settled();
        opening.reject(reason as Error);
      },
    };
    this.dials.push(dial);
    return opening.promise;
  };

  #open(): FakeConnection {
    const connection = new FakeConnection(this);
    this.connections.push(connection);
    return connection;
  }
}
