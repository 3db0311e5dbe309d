import type { RespPush } from '@redlane/resp3-core';

/** Gets each push of its type, in the order of arrival. A promise that it returns is not waited for. */
export type PushCallback = (push: RespPush) => unknown;

export interface PushCallbackOptions {
  /** Removes the callback when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Removes the callback before its first call. @default false */
  readonly once?: boolean | undefined;
}

/** Who wants to know of which pushes. One that throws or rejects is reported as a process warning, and hurts nobody else. */
export class PushCallbacks {
  readonly #byType: Map<string, Set<{ readonly callback: PushCallback; readonly once: boolean }>> = new Map();

  /** `type` is the first element of a push, or `*` for all. The same callback may be registered twice, and is called twice. */
  add(type: string, callback: PushCallback, { signal, once = false }: PushCallbackOptions = {}): Disposable {
    const entry = { callback, once };
    const remove = (): void => {
      signal?.removeEventListener('abort', remove);
      const entries = this.#byType.get(type);
      entries?.delete(entry);
      if (entries?.size === 0) this.#byType.delete(type);
    };
    if (signal?.aborted !== true) {
      const entries = this.#byType.get(type) ?? new Set();
      this.#byType.set(type, entries.add(entry));
      signal?.addEventListener('abort', remove, { once: true });
    }
    return { [Symbol.dispose]: remove };
  }

  deliver(push: RespPush): void {
    this.#call(push.pushType, push);
    this.#call('*', push);
  }

  #call(type: string, push: RespPush): void {
    const entries = this.#byType.get(type);
    if (entries === undefined) return;
    for (const entry of [...entries]) {
      if (!entries.has(entry)) continue;
      if (entry.once) entries.delete(entry);
      try {
        const outcome = entry.callback(push);
        if (outcome instanceof Promise) outcome.catch(warn);
      } catch (error) {
        warn(error);
      }
    }
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)), {
    code: 'REDLANE_PUSH_CALLBACK',
  });
}
