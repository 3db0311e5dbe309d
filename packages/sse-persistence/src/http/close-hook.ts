import type { NodeResponse } from './node-sink.js';

/**
 * Tells whoever is concerned that a response is over, from the first to the last moment of it. One listener that stays: to
 * remove one costs each open response more memory than a session does.
 */
export class CloseHook {
  isClosed: boolean;
  /** Whom it tells. */
  owner: { closed(): void } | undefined;

  private constructor(res: NodeResponse) {
    this.isClosed = res.destroyed;
  }

  static on(res: NodeResponse): CloseHook {
    const hook = new CloseHook(res);
    // The request's `close` comes too early when a body was read.
    res.on('close', () => hook.#close());
    // A write that crosses the end of the connection: `close` follows, or has come.
    res.on('error', ignore);
    return hook;
  }

  #close(): void {
    this.isClosed = true;
    this.owner?.closed();
  }
}

function ignore(): void {
  // Nothing to do.
}
