import { RedisError, type RespNode } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import { Pairing } from './pairing.js';

const text = (value: string): RespNode => ({ type: '$', value });
const push = (...words: string[]): RespNode => ({ type: '>', value: words.map(text) });
const error: RespNode = { type: '-', value: new RedisError('NOPERM') };
const OK: RespNode = { type: '+', value: 'OK' };

function sent(...commands: string[]): Pairing<string> {
  const pairing = new Pairing<string>();
  for (const command of commands) pairing.sent(command.split(' '), command);
  return pairing;
}

describe('pairing', () => {
  it('gives replies to commands in order, and none to nobody', () => {
    const pairing = sent('GET a', 'GET b');
    expect(pairing.open).toBe(2);
    expect(pairing.take(OK)).toEqual({ kind: 'reply', to: 'GET a' });
    expect(pairing.take(error)).toEqual({ kind: 'reply', to: 'GET b' });
    expect(pairing.take(OK)).toEqual({ kind: 'stray', instead: undefined });
  });

  it('begins with the replies to commands from before', () => {
    const pairing = new Pairing<string>(1);
    pairing.sent(['GET', 'a'], 'GET a');
    expect(pairing.take(OK)).toEqual({ kind: 'earlier' });
    expect(pairing.take(OK)).toEqual({ kind: 'reply', to: 'GET a' });
  });

  it('knows that commands of pub/sub are confirmed by pushes', () => {
    const pairing = sent('GET a', 'SUBSCRIBE x y', 'GET b');
    expect(pairing.take(push('message', 'x', 'hello'))).toEqual({ kind: 'push' });
    expect(pairing.take(OK)).toEqual({ kind: 'reply', to: 'GET a' });
    pairing.take(push('subscribe', 'x'));
    expect(pairing.take(OK)).toEqual({ kind: 'stray', instead: 'SUBSCRIBE x y' });
    pairing.take(push('subscribe', 'y'));
    expect(pairing.take(OK)).toEqual({ kind: 'reply', to: 'GET b' });
    expect(pairing.open).toBe(0);
  });

  it('gives them the errors that they have instead', () => {
    const pairing = sent('SUBSCRIBE x', 'UNSUBSCRIBE x', 'GET b');
    expect(pairing.take(error)).toEqual({ kind: 'reply', to: 'SUBSCRIBE x' });
    expect(pairing.take(error)).toEqual({ kind: 'reply', to: 'UNSUBSCRIBE x' });
    expect(pairing.take(error)).toEqual({ kind: 'reply', to: 'GET b' });
  });

  it('does not know how many confirmations an unsubscribe has', () => {
    const pairing = sent('UNSUBSCRIBE', 'PING');
    for (const name of ['x', 'y', 'z']) pairing.take(push('unsubscribe', name));
    expect(pairing.open).toBe(1);
    expect(pairing.take(text('PONG'))).toEqual({ kind: 'reply', to: 'PING' });
  });

  it('takes arrays for pushes in RESP2, where something was subscribed to', () => {
    const message: RespNode = { type: '*', value: [text('message'), text('x'), text('hello')] };
    expect(sent('LRANGE l 0 -1').take(message)).toEqual({ kind: 'reply', to: 'LRANGE l 0 -1' });
    const pairing = sent('SUBSCRIBE x', 'PING');
    pairing.take({ type: '*', value: [text('subscribe'), text('x'), { type: ':', value: 1 }] });
    expect(pairing.take(message)).toEqual({ kind: 'push' });
    expect(pairing.take({ type: '*', value: [text('pong'), text('')] })).toEqual({
      kind: 'reply',
      to: 'PING',
    });
  });
});
