import { RedisError, type RespNode } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import { nameOnly, redactCommand, type Secrecy } from './redact-command.js';
import { redactExec, redactReply } from './redact-reply.js';

const X = '<redacted>';

describe('commands', () => {
  const cases: [sent: string, shown: string, secrecy: Secrecy][] = [
    ['AUTH s3cret', `AUTH ${X}`, 'errors'],
    ['auth user s3cret', `auth user ${X}`, 'errors'],
    ['AUTH a b s3cret', `AUTH ${X} ${X} ${X}`, 'errors'],
    ['HELLO 3', 'HELLO 3', 'none'],
    ['HELLO 3 SETNAME auth', 'HELLO 3 SETNAME auth', 'errors'],
    ['HELLO 3 SETNAME auth AUTH user s3cret', `HELLO 3 SETNAME auth AUTH user ${X}`, 'errors'],
    ['HELLO AUTH user s3cret', `HELLO AUTH ${X} ${X}`, 'errors'],
    ['HELLO 3 auth user s3cret SETNAME me', `HELLO 3 auth user ${X} SETNAME me`, 'errors'],
    ['HELLO 3 AUTH s3cret', `HELLO 3 AUTH ${X}`, 'errors'],
    ['CONFIG GET *', 'CONFIG GET *', 'parameters'],
    ['CONFIG RESETSTAT', 'CONFIG RESETSTAT', 'none'],
    ['CONFIG SET maxmemory 1 requirepass s3cret', `CONFIG SET maxmemory 1 requirepass ${X}`, 'errors'],
    ['config set MasterAuth s3cret', `config set MasterAuth ${X}`, 'errors'],
    ['CONFIG SET tls-key-file-pass s3cret', `CONFIG SET tls-key-file-pass ${X}`, 'errors'],
    ['CONFIG SET odd requirepass s3cret', `CONFIG SET odd requirepass ${X}`, 'errors'],
    ['ACL SETUSER bob on >s3cret ~k* +@all', `ACL SETUSER bob on ${X} ~k* +@all`, 'errors'],
    ['ACL SETUSER bob <old #abc123 s3cret', `ACL SETUSER bob ${X} ${X} ${X}`, 'errors'],
    [
      'ACL SETUSER bob resetpass nopass allkeys &ch',
      'ACL SETUSER bob resetpass nopass allkeys &ch',
      'errors',
    ],
    ['ACL LIST', 'ACL LIST', 'all'],
    ['ACL GETUSER bob', 'ACL GETUSER bob', 'all'],
    ['ACL GENPASS', 'ACL GENPASS', 'all'],
    ['ACL WHOAMI', 'ACL WHOAMI', 'none'],
    ['MIGRATE h 1 auth 0 9', 'MIGRATE h 1 auth 0 9', 'none'],
    ['MIGRATE h 1 k 0 9 COPY AUTH s3cret', `MIGRATE h 1 k 0 9 COPY AUTH ${X}`, 'errors'],
    ['MIGRATE h 1 k 0 9 auth2 u s3cret KEYS a', `MIGRATE h 1 k 0 9 auth2 u ${X} KEYS a`, 'errors'],
    ['MIGRATE h 1 k 0 9 AUTH s3cret AUTH2 u s3cret', `MIGRATE h 1 k 0 9 AUTH ${X} AUTH2 u ${X}`, 'errors'],
    ['MIGRATE h 1 k 0 9 KEYS AUTH a', 'MIGRATE h 1 k 0 9 KEYS AUTH a', 'none'],
    ['MIGRATE h 1 k 0 9 AUTH2 s3cret', `MIGRATE h 1 k 0 9 AUTH2 ${X}`, 'errors'],
    [
      'SENTINEL SET mymaster quorum 2 auth-pass s3cret',
      `SENTINEL SET mymaster quorum 2 auth-pass ${X}`,
      'errors',
    ],
    ['SENTINEL CONFIG SET sentinel-pass s3cret', `SENTINEL CONFIG SET sentinel-pass ${X}`, 'errors'],
    ['SET requirepass AUTH', 'SET requirepass AUTH', 'none'],
  ];

  it.each(cases)('%s', (sent, shown, secrecy) => {
    const text = redactCommand(sent.split(' '));
    expect([text.args.join(' '), text.secrecy]).toEqual([shown, secrecy]);
    // Names, and secrets, may be bytes.
    const bytes = redactCommand(sent.split(' ').map((word) => Buffer.from(word)));
    expect(bytes.args.map(String).join(' ')).toBe(shown);
    expect(bytes.secrecy).toBe(text.secrecy);
    expect(text.args.join()).not.toContain('s3cret');
  });

  it('keep their name when nothing else may be shown', () => {
    expect(nameOnly(['SET', 'k', 'v'])).toEqual({ args: ['SET', X, X], secrecy: 'all' });
  });
});

describe('replies', () => {
  const text = (value: string): RespNode => ({ type: '$', value });
  const error: RespNode = { type: '-', value: new RedisError("WRONGPASS not 's3cret'") };

  it('lose what an error may quote', () => {
    const shown = redactReply(error, 'errors');
    expect(shown).toEqual({ type: '-', value: new RedisError(`WRONGPASS ${X}`) });
    expect(redactReply(error, 'none')).toBe(error);
    expect(redactReply({ type: '+', value: 'OK' }, 'errors')).toEqual({ type: '+', value: 'OK' });
  });

  it('lose the values of secret parameters, in maps and in flat arrays', () => {
    const pair: [RespNode, RespNode] = [text('requirepass'), text('s3cret')];
    const other: [RespNode, RespNode] = [text('maxmemory'), text('0')];
    expect(redactReply({ type: '%', value: [pair, other] }, 'parameters')).toEqual({
      type: '%',
      value: [[pair[0], text(X)], other],
    });
    expect(redactReply({ type: '*', value: [...pair, ...other] }, 'parameters')).toEqual({
      type: '*',
      value: [pair[0], text(X), ...other],
    });
  });

  it('of EXEC are treated one by one', () => {
    const reply: RespNode = { type: '*', value: [text('a'), text('s3cret'), error, text('s3cret')] };
    expect(redactExec(reply, ['none', 'all', 'errors'])).toEqual({
      type: '*',
      value: [text('a'), text(X), { type: '-', value: new RedisError(`WRONGPASS ${X}`) }, text(X)],
    });
    expect(redactExec({ type: '_', value: null }, [])).toEqual({ type: '_', value: null });
  });
});
