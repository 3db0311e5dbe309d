import { describe, expect, it } from 'vitest';
import { deliveryOf, forcesNewDial, mayResend, type RetryFacts, type RetryPolicy } from './retry.js';

const policies: readonly RetryPolicy[] = ['never', 'safe', 'always'];
const refused = ['READONLY', 'LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY', 'NOREPLICAS'];
const final = ['MISCONF', 'OOM', 'ERR', 'WRONGTYPE', 'NOSCRIPT', 'NOPERM', 'MOVED', 'EXECABORT'];
const write = { written: true, readOnly: false } as const;
const read = { written: true, readOnly: true } as const;

/** Which of never, safe and always send again. */
function verdicts(facts: Omit<RetryFacts, 'policy'>): boolean[] {
  return policies.map((policy) => mayResend({ ...facts, policy }));
}

describe('mayResend', () => {
  it('sends what was never written, under every policy', () => {
    expect(verdicts({ written: false, readOnly: false })).toEqual([true, true, true]);
  });

  it('sends reads again after a loss, and writes only when told to', () => {
    expect(verdicts(read)).toEqual([false, true, true]);
    expect(verdicts(write)).toEqual([false, false, true]);
    expect(verdicts({ ...write, script: true })).toEqual([false, false, true]);
    expect(verdicts({ ...write, blocking: true })).toEqual([false, false, true]);
  });

  it.each(refused)('sends again what was refused with %s', (replyCode) => {
    expect(verdicts({ ...write, replyCode })).toEqual([false, true, true]);
    expect(verdicts({ ...read, replyCode })).toEqual([false, true, true]);
  });

  it.each(refused)('takes %s from a script for no proof', (replyCode) => {
    expect(verdicts({ ...write, script: true, replyCode })).toEqual([false, false, true]);
    expect(verdicts({ ...read, script: true, replyCode })).toEqual([false, true, true]);
  });

  it.each(final)('reports %s and does not send again', (replyCode) => {
    expect(verdicts({ ...write, replyCode })).toEqual([false, false, false]);
    expect(verdicts({ ...read, replyCode })).toEqual([false, false, false]);
    expect(verdicts({ ...write, script: true, replyCode })).toEqual([false, false, false]);
  });

  it('sends a blocking pop again that was unblocked', () => {
    expect(verdicts({ ...write, blocking: true, replyCode: 'UNBLOCKED' })).toEqual([false, true, true]);
    expect(verdicts({ ...write, replyCode: 'UNBLOCKED' })).toEqual([false, false, false]);
  });
});

describe('forcesNewDial', () => {
  it.each(['READONLY', 'MASTERDOWN'])('%s does', (code) => expect(forcesNewDial(code)).toBe(true));
  it.each(['LOADING', 'BUSY', 'CLUSTERDOWN', 'ERR', 'MISCONF'])('%s does not', (code) => {
    expect(forcesNewDial(code)).toBe(false);
  });
});

describe('deliveryOf', () => {
  const nothing = { maybeExecuted: false, phase: 'refused' };
  const unknown = { maybeExecuted: true, phase: 'written' };

  it.each([...refused, 'MISCONF', 'OOM', 'NOSCRIPT', 'NOPERM', 'NOAUTH', 'MOVED', 'EXECABORT'])(
    '%s proves that a plain command was not executed',
    (code) => expect(deliveryOf(code, 'INCR')).toEqual(nothing),
  );

  it('takes ERR for no proof', () => {
    expect(deliveryOf('ERR', 'INCR')).toEqual(unknown);
  });

  it.each(['EVAL', 'evalsha', 'FCALL', 'EVAL_RO'])(
    'takes nothing but NOSCRIPT for a proof from %s',
    (command) => {
      expect(deliveryOf('NOSCRIPT', command)).toEqual(nothing);
      for (const code of [...refused, 'OOM', 'MISCONF', 'WRONGTYPE'])
        expect(deliveryOf(code, command)).toEqual(unknown);
    },
  );

  it('takes UNBLOCKED for a proof that a blocking pop took nothing', () => {
    expect(deliveryOf('UNBLOCKED', 'BLPOP')).toEqual(nothing);
  });
});
