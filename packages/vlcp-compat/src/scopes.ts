import type { Connection } from '@redlane/client';
import { RedisConnectionRestarted } from './errors.js';

/** One context that has been entered and not left. */
export interface Scope {
  readonly release: boolean;
  readonly lockconn: boolean;
  /** The connection that it is locked to, from its first command on. */
  connection: Connection | undefined;
}

/** The contexts of one connection that are open: each locks for itself, and leaving one unlocks no other. */
export class Scopes {
  readonly #open: Set<Scope> = new Set();
  #release = false;

  /** Commands must not go over to another connection. */
  get locking(): boolean {
    for (const { lockconn } of this.#open) if (lockconn) return true;
    return false;
  }

  enter(release: boolean, lockconn: boolean): Scope {
    const scope: Scope = { release, lockconn, connection: undefined };
    this.#open.add(scope);
    return scope;
  }

  /** True when the connection is to be released now: that waits for the last one to leave. */
  leave(scope: Scope): boolean {
    if (!this.#open.delete(scope)) return false;
    this.#release ||= scope.release;
    if (this.#open.size > 0 || !this.#release) return false;
    this.#release = false;
    return true;
  }

  /** @throws RedisConnectionRestarted when a scope is locked to another connection than this one */
  check(connection: Connection | undefined): void {
    for (const { lockconn, connection: locked } of this.#open) {
      if (lockconn && locked !== undefined && locked !== connection) {
        throw new RedisConnectionRestarted(
          'the connection was lost, and a reconnect is not allowed in a context',
          {
            phase: 'queued',
            cause: locked.ended.reason,
          },
        );
      }
    }
  }

  /** Locks those to this connection that are not locked yet. */
  lock(connection: Connection): void {
    for (const scope of this.#open) if (scope.lockconn) scope.connection ??= connection;
  }
}
