import { RespPush, type RespValue } from '@redlane/resp3-core';
import { callable, oneOf } from './option-checks.js';
import { callIsolated } from './subscriptions/isolated-call.js';

/** Gets each push of its type, in the order of arrival. A promise that it returns is not waited for. */
export type PushCallback = (push: RespPush) => unknown;

export interface PushCallbackOptions {
  /** Removes the callback when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Removes the callback before its first call. @default false */
  readonly once?: boolean | undefined;
  /** Strings in `data` as text or as bytes (`Uint8Array`), in which maps are entries and sets are arrays. @default 'string' */
  readonly replies?: 'string' | 'bytes' | undefined;
}

interface InternalOptions extends PushCallbackOptions {
  /** No push comes any more. */
  readonly onClosed?: (() => void) | undefined;
}

interface Entry {
  readonly callback: PushCallback;
  readonly onClosed: (() => void) | undefined;
  readonly once: boolean;
  readonly bytes: boolean;
  readonly remove: () => void;
}

/** Who wants to know of which pushes. One that throws or rejects is reported as a process warning, and hurts nobody else. */
export class PushCallbacks {
  readonly #byType: Map<string, Set<Entry>> = new Map();
  /** How many want bytes, of each type. */
  readonly #bytes: Map<string, number> = new Map();
  /** The client has ended: nothing comes any more. */
  closed = false;

  /** `type` is the first element of a push, or `*` for all. The same callback may be registered twice, and is called twice. */
  add(type: string, callback: PushCallback, options: InternalOptions = {}): Disposable {
    const { signal, once = false, onClosed } = options;
    const bytes = oneOf('string', 'bytes')(options.replies ?? 'string', 'replies') === 'bytes';
    const remove = (): void => {
      signal?.removeEventListener('abort', remove);
      this.#remove(type, entry);
    };
    const heard = callable(callback, 'callback') as PushCallback;
    const entry: Entry = { callback: heard, onClosed, once, bytes, remove };
    if (signal?.aborted !== true && !this.closed) {
      const entries = this.#byType.get(type) ?? new Set();
      this.#byType.set(type, entries.add(entry));
      if (bytes) this.#bytes.set(type, (this.#bytes.get(type) ?? 0) + 1);
      signal?.addEventListener('abort', remove, { once: true });
    }
    return { [Symbol.dispose]: remove };
  }

  /** Somebody wants this type's strings as bytes. */
  wantsBytes(type: string): boolean {
    return this.#bytes.size > 0 && (this.#bytes.has(type) || this.#bytes.has('*'));
  }

  deliver(push: RespPush): void {
    if (this.#byType.size === 0) return;
    this.#call(push.pushType, push);
    this.#call('*', push);
  }

  close(): void {
    this.closed = true;
    for (const { remove, onClosed } of [...this.#byType.values()].flatMap((entries) => [...entries])) {
      remove();
      onClosed?.();
    }
  }

  #call(type: string, push: RespPush): void {
    const entries = this.#byType.get(type);
    if (entries === undefined) return;
    for (const entry of [...entries]) {
      if (!entries.has(entry)) continue;
      if (entry.once) entry.remove();
      callIsolated(entry.callback, this.#formOf(push, entry), 'REDLANE_PUSH_CALLBACK');
    }
  }

  /** It was decoded for whoever wanted the most; and that may have changed since. */
  #formOf(push: RespPush, { bytes }: Entry): RespPush {
    const { data, pushType } = push;
    if (bytes) return new RespPush(pushType, data.map(toBytes));
    return data.some(hasBytes) ? new RespPush(pushType, data.map(toText)) : push;
  }

  #remove(type: string, entry: Entry): void {
    const entries = this.#byType.get(type);
    if (entries === undefined || !entries.delete(entry)) return;
    if (entries.size === 0) this.#byType.delete(type);
    if (!entry.bytes) return;
    const left = (this.#bytes.get(type) ?? 1) - 1;
    if (left > 0) this.#bytes.set(type, left);
    else this.#bytes.delete(type);
  }
}

function hasBytes(value: RespValue): boolean {
  return value instanceof Uint8Array || (Array.isArray(value) && value.some(hasBytes));
}

function toText(value: RespValue): RespValue {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  }
  return Array.isArray(value) ? value.map(toText) : value;
}

function toBytes(value: RespValue): RespValue {
  if (typeof value === 'string') return Buffer.from(value);
  return Array.isArray(value) ? value.map(toBytes) : value;
}
