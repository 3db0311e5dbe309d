import type { ClientState } from '@redlane/client';
import { expect, it } from 'vitest';
import { Follower } from './connection-watch.js';

const cause = new Error('gone');
const connecting: ClientState = { state: 'connecting', attempt: 2 };
const ready: ClientState = { state: 'ready' };
const down: ClientState = { state: 'down', cause, retryInMs: 1 };

it.each<[string, ClientState[], string[]]>([
  ['the first attempts', [connecting, down, connecting, ready], ['connect']],
  [
    'a loss',
    [ready, down, connecting, down, connecting, ready],
    ['connect', 'disconnect', 'reconnecting 2', 'failed', 'reconnecting 2', 'connect'],
  ],
  ['a loss that passes unseen', [ready, ready], ['connect', 'disconnect', 'reconnecting 1', 'connect']],
  [
    'an attempt that passes unseen',
    [ready, down, ready],
    ['connect', 'disconnect', 'reconnecting 1', 'connect'],
  ],
  ['a loss seen late', [ready, connecting, ready], ['connect', 'disconnect', 'reconnecting 2', 'connect']],
  ['the end after a loss', [ready, { state: 'closed', cause }], ['connect', 'disconnect', 'failed for good']],
  ['a close', [ready, { state: 'closed' }], ['connect']],
])('makes events of %s', (_, states, events) => {
  const told: string[] = [];
  const follower = new Follower({
    onConnect: () => told.push('connect'),
    onDisconnect: () => told.push('disconnect'),
    onReconnecting: (attempt) => told.push(`reconnecting ${attempt}`),
    onReconnectFailed: (_cause, final) => told.push(final ? 'failed for good' : 'failed'),
  });
  for (const state of states) follower.see(state);
  expect(told).toEqual(events);
});
