import { callIsolated } from './isolated-call.js';
import type { AnyMessage, Listener } from './listener.js';
import { textOf } from './text-of.js';

/** Code of the warning for what a subscriber's callback throws. */
export const CALLBACK_WARNING = 'REDLANE_SUBSCRIPTION_CALLBACK';

/** Gives a message to all of them, in the form that each wants. Returns how many there were. */
export function deliver(listeners: readonly Listener[], message: AnyMessage): number {
  const inBytes = typeof message.payload !== 'string';
  let inOtherForm: AnyMessage | undefined;
  let called = 0;
  for (let i = 0; i < listeners.length; i++) {
    const listener = listeners[i] as Listener;
    if (listener.ended) continue;
    called++;
    const { bytes, onMessage } = listener;
    if (bytes === inBytes) callIsolated(onMessage, message, CALLBACK_WARNING);
    else {
      inOtherForm ??= { ...message, payload: otherForm(message.payload) };
      callIsolated(onMessage, inOtherForm, CALLBACK_WARNING);
    }
  }
  return called;
}

function otherForm(payload: string | Uint8Array): string | Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : (textOf(payload) as string);
}
