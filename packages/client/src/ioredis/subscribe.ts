import type { DriverSubscribeOptions } from '../driver.js';
import { AbortError, TimeoutError } from '../errors.js';
import type { Message, Subscription, Topic } from '../topic.js';
import type { SubscriptionHub } from './subscription-hub.js';
import type { TopicEntry, TopicListener } from './topic-entry.js';

export type Deliver = TopicListener['deliver'];

/** Hands messages to a user's callback, as text or as bytes. */
export function deliverTo(
  onMessage: (message: never) => void,
  replies: 'string' | 'bytes' | undefined,
  onError: (error: unknown) => void,
): Deliver {
  const callback = onMessage as (message: Message | Message<Uint8Array>) => unknown;
  return (channel, payload, pattern) => {
    const content = replies === 'bytes' ? payload : payload.toString();
    const outcome = callback({
      channel,
      payload: content,
      ...(pattern === undefined ? {} : { pattern }),
    } as Message);
    if (outcome instanceof Promise) outcome.catch(onError);
  };
}

/** Subscribes by a hub, and resolves when the server has confirmed. */
export async function subscribeBy(
  hub: SubscriptionHub,
  topic: Topic,
  deliver: Deliver,
  { signal, timeoutMs = Number.POSITIVE_INFINITY, onGap }: DriverSubscribeOptions,
  onError: (error: unknown) => void,
): Promise<Subscription> {
  const abort = (): AbortError =>
    new AbortError('subscribe()', { maybeExecuted: false, phase: 'queued', cause: signal?.reason });
  if (signal?.aborted) throw abort();
  const listener: TopicListener = { deliver, onGap, confirmed: false };
  const entry = hub.join(topic, listener);
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    signal?.removeEventListener('abort', endBySignal);
    ending ??= hub.leave(entry, listener);
    return ending;
  };
  const endBySignal = (): void => void end().catch(onError);
  try {
    const late = (): TimeoutError => {
      const phase = entry.line?.isOpen === true ? 'written' : 'connecting';
      const cause = hub.problemOf(entry);
      return new TimeoutError('subscribe()', { timeoutMs, maybeExecuted: false, phase, cause });
    };
    await confirmation(entry, { signal, abort, timeoutMs, late });
  } catch (error) {
    void end();
    throw error;
  }
  listener.confirmed = true;
  signal?.addEventListener('abort', endBySignal, { once: true });
  return { topic: entry.topic, pause: () => hub.pause(), unsubscribe: end, [Symbol.asyncDispose]: end };
}

interface WaitLimits {
  readonly signal: AbortSignal | undefined;
  readonly abort: () => Error;
  readonly timeoutMs: number;
  readonly late: () => Error;
}

async function confirmation(
  entry: TopicEntry,
  { signal, abort, timeoutMs, late }: WaitLimits,
): Promise<void> {
  if (entry.activeSince !== undefined) return;
  let giveUp: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let waiter: { resolve(): void; reject(error: Error): void } | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      waiter = { resolve, reject };
      entry.waiters.add(waiter);
      giveUp = () => reject(abort());
      signal?.addEventListener('abort', giveUp, { once: true });
      if (timeoutMs <= 2 ** 31 - 1) timer = setTimeout(() => reject(late()), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    if (waiter !== undefined) entry.waiters.delete(waiter);
    if (giveUp !== undefined) signal?.removeEventListener('abort', giveUp);
  }
}
