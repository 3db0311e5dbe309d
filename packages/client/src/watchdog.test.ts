import { describe, expect, it } from 'vitest';
import { Command, type CommandSettings } from './command.js';
import { judgePeer } from './watchdog.js';

const options = { pingIntervalMs: 30_000, silenceTimeoutMs: 15_000 };
const settings: CommandSettings = {
  timeoutMs: 5_000,
  watch: undefined,
  replies: 'string',
  maps: 'map',
  retry: 'safe',
};

function written(at: number, blocking = false): Command {
  const nobody = (): void => undefined;
  const command = new Command(['GET'], undefined, settings, false, 0, 0, nobody, nobody);
  command.writtenAt = at;
  command.blocking = blocking;
  return command;
}

describe('judgePeer', () => {
  it('asks who owes nothing once an interval', () => {
    const facts = { oldest: undefined, readAt: 1_000 };
    expect(judgePeer(facts, 30_999, options)).toEqual({ peer: 'fine', lookAt: 31_000 });
    expect(judgePeer(facts, 31_000, options)).toEqual({ peer: 'ask', lookAt: 46_000 });
  });

  it('goes on asking when silence is no fault', () => {
    const facts = { oldest: undefined, readAt: 1_000 };
    const verdict = judgePeer(facts, 31_000, { ...options, silenceTimeoutMs: Number.POSITIVE_INFINITY });
    expect(verdict).toEqual({ peer: 'ask', lookAt: 61_000 });
  });

  it('counts silence from the last byte, or from the write of what is owed', () => {
    expect(judgePeer({ oldest: written(1_000), readAt: 4_000 }, 18_999, options)).toEqual({
      peer: 'fine',
      lookAt: 19_000,
    });
    expect(judgePeer({ oldest: written(4_000), readAt: 1_000 }, 19_000, options).peer).toBe('gone');
  });

  it('lets a blocking command be silent, but looks again for the sake of those behind it', () => {
    const verdict = judgePeer({ oldest: written(0, true), readAt: 0 }, 60_000, options);
    expect(verdict).toEqual({ peer: 'fine', lookAt: 75_000 });
  });
});
