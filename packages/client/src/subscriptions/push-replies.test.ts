import { RedisError, RespPush } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import type { BatchReply } from '../command.js';
import { PushReplies } from './push-replies.js';

const error = (code: string): RedisError => new RedisError(`${code} no`);
const FENCE = Symbol('the reply to the fence');

/** Feeds what comes from the server, and says after which element the command ended, and how. */
function play(
  args: readonly string[],
  events: readonly (RespPush | RedisError | string | typeof FENCE)[],
): string {
  const pushes = new PushReplies(args);
  for (const [i, event] of events.entries()) {
    if (event instanceof RespPush) {
      if (pushes.confirm(event)) return `done after ${i + 1}`;
      continue;
    }
    const reply = event === FENCE ? (pushes.commands[1]?.[1] as string) : (event as BatchReply);
    const answer = pushes.answer(reply);
    if (answer === 'doubt') return `doubt after ${i + 1}`;
    if (answer === 'done') return `${pushes.error?.code ?? 'done'} after ${i + 1}`;
  }
  return 'open';
}

const push = (type: string, ...data: (string | null | number)[]): RespPush => new RespPush(type, data);

describe('SUBSCRIBE', () => {
  it.each<[string, string, Parameters<typeof play>[1]]>([
    [
      'ends with the last confirmation',
      'done after 2',
      [push('subscribe', 'a', 1), push('subscribe', 'b', 2)],
    ],
    ['is not over before', 'open', [push('subscribe', 'a', 1)]],
    ['ends with an error', 'NOPERM after 1', [error('NOPERM')]],
    ['is not confirmed by another name', 'NOPERM after 2', [push('subscribe', 'z', 1), error('NOPERM')]],
    ['nor by another kind', 'NOPERM after 2', [push('psubscribe', 'a', 1), error('NOPERM')]],
    ['nor by what has no name', 'NOPERM after 2', [push('subscribe'), error('NOPERM')]],
    ['lets messages pass', 'open', [push('message', 'a', 'x'), push('subscribe', 'a', 1)]],
    ['has no reply', 'doubt after 1', ['QUEUED']],
    ['cannot fail half', 'doubt after 2', [push('subscribe', 'a', 1), error('ERR')]],
  ])('%s', (_, outcome, events) => {
    expect(play(['SUBSCRIBE', 'a', 'b'], events)).toBe(outcome);
  });

  it('has no fence', () => {
    expect(new PushReplies(['ssubscribe', 'a']).commands).toEqual([['ssubscribe', 'a']]);
  });
});

describe('UNSUBSCRIBE', () => {
  it.each<[string, string, Parameters<typeof play>[1]]>([
    ['ends with its fence', 'done after 2', [push('unsubscribe', 'a', 0), FENCE]],
    ['not with its confirmation', 'open', [push('unsubscribe', 'a', 0)]],
    ['fails with its own error, and then its fence comes', 'NOPERM after 2', [error('NOPERM'), FENCE]],
    [
      'takes the error after the confirmation for that of the fence',
      'done after 2',
      [push('unsubscribe', 'a', 0), error('NOPERM')],
    ],
    ['and two errors for one each', 'ERR after 2', [error('ERR'), error('NOPERM')]],
    ['does not take the reply to something else', 'doubt after 1', ['PONG']],
  ])('%s', (_, outcome, events) => {
    expect(play(['UNSUBSCRIBE', 'a'], events)).toBe(outcome);
  });

  it.each<[string, string, Parameters<typeof play>[1]]>([
    ['of nothing', 'done after 2', [push('unsubscribe', null, 0), FENCE]],
    ['of many', 'done after 3', [push('unsubscribe', 'a', 1), push('unsubscribe', 'b', 0), FENCE]],
    ['refused', 'NOPERM after 2', [error('NOPERM'), FENCE]],
  ])('without names, %s', (_, outcome, events) => {
    expect(play(['UNSUBSCRIBE'], events)).toBe(outcome);
  });

  it.each<[string, string, Parameters<typeof play>[1]]>([
    ['the slot moves first', 'MOVED after 3', [push('sunsubscribe', 's', 0), error('MOVED'), FENCE]],
    [
      'the slot moves later',
      'done after 3',
      [push('sunsubscribe', 's', 0), push('sunsubscribe', 's', 0), FENCE],
    ],
    ['nobody can tell whose error it is', 'doubt after 2', [push('sunsubscribe', 's', 0), error('NOPERM')]],
  ])('of a shard channel: %s', (_, outcome, events) => {
    expect(play(['SUNSUBSCRIBE', 's'], events)).toBe(outcome);
  });
});

it('compares names as text, in whatever form they come', () => {
  const pushes = new PushReplies([Buffer.from('subscribe'), Buffer.from('ü'), 7]);
  expect(pushes.confirm(push('subscribe', 'ü', 1))).toBe(false);
  expect(pushes.confirm(new RespPush('subscribe', [Buffer.from('7'), 2]))).toBe(true);
});
