import type { Command } from './command.js';

/** What is known about the peer of a connection. */
export interface PeerFacts {
  /** The command whose reply is owed first. */
  readonly oldest: Command | undefined;
  /** When the last byte came, in ms of `performance.now()`. */
  readonly readAt: number;
}

export interface PeerVerdict {
  /** `ask`: it owes nothing, and should be asked for a sign of life. `gone`: it owes replies and says nothing. */
  readonly peer: 'fine' | 'ask' | 'gone';
  /** When to look again, in ms of `performance.now()`. */
  readonly lookAt: number;
}

/** Tells a peer that is gone without a word from one that has nothing to say. */
export function judgePeer(
  { oldest, readAt }: PeerFacts,
  now: number,
  options: { readonly pingIntervalMs: number; readonly silenceTimeoutMs: number },
): PeerVerdict {
  const { pingIntervalMs, silenceTimeoutMs } = options;
  if (oldest === undefined) {
    const askAt = readAt + pingIntervalMs;
    if (now < askAt) return { peer: 'fine', lookAt: askAt };
    return { peer: 'ask', lookAt: now + Math.min(silenceTimeoutMs, pingIntervalMs) };
  }
  // It may be silent for as long as it likes. Those behind it will be looked after when it has been answered.
  if (oldest.blocking) return { peer: 'fine', lookAt: now + silenceTimeoutMs };
  const goneAt = Math.max(readAt, oldest.writtenAt) + silenceTimeoutMs;
  if (now < goneAt) return { peer: 'fine', lookAt: goneAt };
  return { peer: 'gone', lookAt: Number.POSITIVE_INFINITY };
}
