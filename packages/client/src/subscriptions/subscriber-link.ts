import type { ReplyMode, RespPush } from '@redlane/resp3-core';
import type { ResolvedOptions } from '../client-options.js';
import type { Connection } from '../connection.js';
import { type ConnectionUser, Engine } from '../engine.js';

/** Who the link works for. */
export interface LinkUser {
  /** Something is subscribed to, or is to be. */
  readonly wanted: boolean;
  /** How messages are to be decoded. */
  readonly replies: ReplyMode;
  opened(): void;
  lost(connection: Connection): void;
  closed(cause: Error): void;
}

/**
 * The connection of the subscriptions: the client's shared one, or one of their own, as an option says, and always where
 * the server speaks RESP2, in which a connection with subscriptions takes no other commands. That one is open while
 * something is subscribed to, and has an engine of its own, which brings it back when it is lost.
 */
export class SubscriberLink implements ConnectionUser {
  connection: Connection | undefined;
  readonly #shared: Engine;
  readonly #options: ResolvedOptions;
  readonly #user: LinkUser;
  readonly #pushed: (push: RespPush, connection: Connection) => void;
  #own: Engine | undefined;

  constructor(shared: Engine, user: LinkUser, pushed: (push: RespPush, connection: Connection) => void) {
    this.#shared = shared;
    this.#options = shared.options;
    this.#user = user;
    this.#pushed = pushed;
    shared.use(this);
  }

  /** By the options it is never the shared one. */
  get dedicated(): boolean {
    return this.#options.subscriptions === 'dedicated' || this.#options.protocol === 2;
  }

  /** There is something to subscribe to. */
  need(): void {
    if (this.connection !== undefined || this.#own !== undefined || this.#shared.closing) return;
    const shared = this.#shared.connection;
    if (this.dedicated || shared?.protocol === 2) this.#openOwn();
    else if (shared !== undefined) this.#take(shared);
    else this.#shared.dial();
  }

  /** There is nothing any more: a connection of its own is closed, a moment later. */
  release(): void {
    // Not now: it may be in the midst of delivering, or of being lost.
    setImmediate(() => {
      if (!this.#user.wanted) this.#closeOwn();
    });
  }

  opened(connection: Connection): void {
    if (this.dedicated || this.#own !== undefined) return;
    if (connection.protocol === 3) this.#take(connection);
    else if (this.#user.wanted) this.#openOwn();
  }

  lost(connection: Connection): void {
    if (connection !== this.connection) return;
    this.connection = undefined;
    this.#user.lost(connection);
  }

  /** Nobody writes on a connection of its own, so it would not hear by itself that its server is no master any more. */
  outdated(isOutdated: (connection: Connection) => boolean, cause: Error, gone: boolean): void {
    this.#own?.leave(isOutdated, cause, gone);
  }

  closed(cause: Error): void {
    this.#closeOwn();
    this.#user.closed(cause);
  }

  /** Messages are to be decoded in another way from now on. */
  changeReplies(): void {
    if (this.#own !== undefined) this.connection?.takeMessages(this.#user.replies);
  }

  #take(connection: Connection): void {
    this.connection = connection;
    this.#user.opened();
  }

  #openOwn(): void {
    const own = new Engine(this.#options, this.#pushed);
    own.pushReplies = this.#shared.pushReplies;
    own.recording = this.#shared.recording;
    this.#own = own;
    own.use({
      opened: (connection) => {
        connection.takeMessages(this.#user.replies);
        this.#take(connection);
      },
      lost: (connection) => this.lost(connection),
      closed: (cause) => {
        // It has given up, and with it the client.
        if (this.#own === own) this.#shared.destroy(cause);
      },
    });
    own.dial();
  }

  #closeOwn(): void {
    const own = this.#own;
    this.#own = undefined;
    own?.destroy();
  }
}
