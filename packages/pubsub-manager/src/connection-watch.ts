import type { ClientState, ClientStatus, RedisDriver } from '@redlane/client';

/** What becomes of a connection. */
export interface ConnectionUser {
  onConnect(): void;
  onDisconnect(cause: Error): void;
  onReconnecting(attempt: number): void;
  onReconnectFailed(cause: Error, final: boolean): void;
}

/** Tells what a `RedisClient` does, until it is closed or the disposable is disposed. */
export function watchStatus(status: ClientStatus, user: ConnectionUser): Disposable {
  const states = status[Symbol.asyncIterator]();
  const follower = new Follower(user);
  const follow = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await states.next();
      if (done === true || value === undefined) return;
      follower.see(value);
    }
  };
  void follow();
  return { [Symbol.dispose]: () => void states.return?.() };
}

/** Makes events of states, some of which a reader may not get to see when they pass quickly. */
export class Follower {
  readonly #user: ConnectionUser;
  #last: 'none' | 'connected' | 'lost' | 'reconnecting' = 'none';

  constructor(user: ConnectionUser) {
    this.#user = user;
  }

  see(value: ClientState): void {
    if (value.state === 'connecting') this.#reconnecting(value.attempt);
    else if (value.state === 'ready') {
      if (this.#last === 'connected') this.#lost(new Error('the connection was lost'));
      this.#reconnecting(1);
      this.#last = 'connected';
      this.#user.onConnect();
    } else if (value.state === 'down') {
      if (this.#last === 'connected') this.#lost(value.cause);
      else if (this.#last === 'reconnecting') {
        this.#last = 'lost';
        this.#user.onReconnectFailed(value.cause, false);
      }
    } else if (value.cause !== undefined) {
      if (this.#last === 'connected') this.#lost(value.cause);
      this.#user.onReconnectFailed(value.cause, true);
    }
  }

  /** The first attempts are no reconnecting, and one is told once. */
  #reconnecting(attempt: number): void {
    if (this.#last === 'connected') this.#lost(new Error('the connection was lost'));
    if (this.#last !== 'lost') return;
    this.#last = 'reconnecting';
    this.#user.onReconnecting(attempt);
  }

  #lost(cause: Error): void {
    this.#last = 'lost';
    this.#user.onDisconnect(cause);
  }
}

/** The same of a driver, which tells no single attempts. */
export function watchDriver(driver: RedisDriver, user: ConnectionUser): Disposable {
  const ready = driver.on('ready', () => user.onConnect());
  const down = driver.on('down', (cause) => {
    user.onDisconnect(cause);
    user.onReconnecting(1);
  });
  return {
    [Symbol.dispose]: () => {
      ready[Symbol.dispose]();
      down[Symbol.dispose]();
    },
  };
}
