import { describe, expect, it } from 'vitest';
import { commandName, type Place, PUSH_COMMANDS, refusalOf, routeOf } from './routing.js';

const shared: Place = { exclusive: false, transaction: false };
const exclusive: Place = { exclusive: true, transaction: false };

describe('routeOf', () => {
  it.each(['SET', 'incr', 'HSET', 'PUBLISH', 'XADD', 'X.Y', 'constructor', '__proto__', ''])(
    'has nothing to say about %j',
    (name) => expect(routeOf([name, 'a'])).toBeUndefined(),
  );

  it.each(['GET', 'get', 'Get', 'gET'])('knows %s in any case', (name) => {
    expect(routeOf([name, 'k'])).toBe(routeOf(['GET']));
    expect(routeOf([Buffer.from(name), 'k'])).toBe(routeOf(['GET']));
  });

  it('takes names as bytes that are a part of some memory', () => {
    const memory = new TextEncoder().encode('..BLPOP..');
    expect(routeOf([memory.subarray(2, 7), 'k', 0])).toBe(routeOf(['BLPOP']));
  });

  it.each([[[]], [[5]], [[5n, 'x']]])('takes [%s] for no command', (args) => {
    expect(routeOf(args)).toBeUndefined();
  });

  it.each([
    'GETDEL',
    'GETEX',
    'SPOP',
    'TOUCH',
    'SORT',
    'GEORADIUS',
    'BITFIELD',
    'XREADGROUP',
    'WAIT',
    'EVAL',
    'EXPIRE',
  ])('does not take %s for read-only', (name) => expect(routeOf([name, 'k'])?.readOnly ?? false).toBe(false));

  it.each([
    ['OBJECT', 'ENCODING'],
    ['object', 'freq'],
    ['Memory', 'Usage'],
    ['XINFO', 'STREAM'],
    ['CLIENT', 'ID'],
    ['CLIENT', 'GETNAME'],
    ['CONFIG', 'GET'],
    ['EVAL_RO', 'return 1'],
    ['EVALSHA_RO', 'sha'],
    ['FCALL_RO', 'f'],
    ['SORT_RO', 'k'],
    ['GEORADIUS_RO', 'k'],
    ['RANDOMKEY'],
    ['XREAD', 'STREAMS', 'k', '0'],
  ])('takes %s %s for read-only', (...args) => {
    expect(routeOf(args)?.readOnly).toBe(true);
  });

  it.each([
    ['CONFIG', 'SET'],
    ['CLIENT', 'KILL'],
    ['CLIENT', 'PAUSE'],
    ['SCRIPT', 'LOAD'],
    ['ACL', 'LOG'],
    ['OBJECT'],
    ['OBJECT', 5],
    ['LATENCY', 'RESET'],
  ])('has nothing to say about %s %s', (...args) => {
    expect(routeOf(args)).toBeUndefined();
  });

  it('knows what runs code', () => {
    for (const name of ['EVAL', 'EVALSHA', 'FCALL', 'EVAL_RO']) expect(routeOf([name])?.script).toBe(true);
    expect(routeOf(['GET'])?.script).toBe(false);
  });

  it('knows what may take an element', () => {
    const destructive = [
      'BLPOP',
      'BRPOP',
      'BRPOPLPUSH',
      'BLMOVE',
      'BLMPOP',
      'BZPOPMIN',
      'BZPOPMAX',
      'BZMPOP',
      'XREADGROUP',
    ];
    for (const name of destructive) expect(routeOf([name])?.destructive).toBe(true);
    for (const name of ['XREAD', 'WAIT', 'WAITAOF']) expect(routeOf([name])?.destructive).toBe(false);
  });
});

describe('blockingTimeoutMs', () => {
  it.each<[number | undefined, (string | number | bigint | Uint8Array)[]]>([
    [1_000, ['BLPOP', 'k', 1]],
    [500, ['BLPOP', 'a', 'b', '0.5']],
    [2_000, ['BRPOP', 'k', Buffer.from('2')]],
    [3_000, ['bzpopmin', 'k', 3n]],
    [Number.POSITIVE_INFINITY, ['BZPOPMAX', 'k', 0]],
    [Number.POSITIVE_INFINITY, ['BLPOP', 'k', '0']],
    [1_000, ['BRPOPLPUSH', 'a', 'b', 1]],
    [1_000, ['BLMOVE', 'a', 'b', 'LEFT', 'RIGHT', 1]],
    [5_000, ['BLMPOP', 5, 1, 'k', 'LEFT', 'COUNT', 7]],
    [5_000, ['BZMPOP', '5', 1, 'k', 'MIN']],
    [250, ['WAIT', 1, 250]],
    [Number.POSITIVE_INFINITY, ['WAIT', 1, 0]],
    [250, ['WAITAOF', 1, 1, 250]],
    [undefined, ['XREAD', 'STREAMS', 'k', '0']],
    [100, ['XREAD', 'BLOCK', 100, 'STREAMS', 'k', '$']],
    [100, ['XREAD', 'count', '2', 'block', '100', 'streams', 'k', '$']],
    [Number.POSITIVE_INFINITY, ['XREAD', 'BLOCK', 0, 'STREAMS', 'k', '$']],
    [undefined, ['XREAD', 'STREAMS', 'BLOCK', '5', '0', '0']],
    [100, ['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', 1, 'BLOCK', 100, 'NOACK', 'STREAMS', 'k', '>']],
    [100, ['XREADGROUP', Buffer.from('Group'), 'STREAMS', 'BLOCK', 'BLOCK', 100, 'STREAMS', 'k', '>']],
    [undefined, ['XREADGROUP', 'GROUP', 'g', 'BLOCK', 'STREAMS', 'k', '>']],
    [undefined, ['BLPOP', 'k', -1]],
    [undefined, ['XREAD', 'BLOCK']],
    [undefined, ['WAIT']],
    [Number.POSITIVE_INFINITY, ['BLPOP', 'k', 'soon']],
    [undefined, ['GET', 'k']],
    [undefined, ['CLIENT', 'ID']],
  ])('is %s for %s', (timeout, args) => {
    expect(routeOf(args)?.blockingTimeoutMs(args)).toBe(timeout);
  });
});

describe('refusalOf', () => {
  const everywhere = [
    ['MONITOR'],
    ['HELLO', 3],
    ['RESET'],
    ['QUIT'],
    ['AUTH', 'p'],
    ['CLIENT', 'REPLY'],
    ['SYNC'],
    ['PSYNC'],
  ];
  const onlyShared = [
    ['MULTI'],
    ['EXEC'],
    ['DISCARD'],
    ['WATCH'],
    ['UNWATCH'],
    ['SELECT'],
    ['CLIENT', 'TRACKING'],
    ...pushes(),
  ];

  function pushes(): string[][] {
    return [...PUSH_COMMANDS].map((name) => [name.toLowerCase()]);
  }

  it.each(everywhere)('refuses %s %s everywhere', (...args) => {
    const route = routeOf(args)!;
    expect(refusalOf(route, shared)?.reason).toBeTruthy();
    expect(refusalOf(route, exclusive)?.instead).toBeTruthy();
  });

  it.each(onlyShared)('refuses %s %s on a shared connection, and marks an exclusive one', (...args) => {
    const route = routeOf(args)!;
    expect(refusalOf(route, shared)?.instead).toBeTruthy();
    expect(refusalOf(route, exclusive)).toBeUndefined();
    expect(route.dirties).toBe(true);
  });

  it.each(['SUBSCRIBE', 'SUNSUBSCRIBE', 'MULTI', 'EXEC', 'WATCH'])(
    'refuses %s inside of a transaction',
    (name) => {
      expect(refusalOf(routeOf([name])!, { exclusive: true, transaction: true })).toBeDefined();
    },
  );

  it('allows SELECT in a transaction on an exclusive connection only', () => {
    expect(refusalOf(routeOf(['SELECT'])!, { exclusive: true, transaction: true })).toBeUndefined();
    expect(refusalOf(routeOf(['SELECT'])!, { exclusive: false, transaction: true })).toBeDefined();
  });

  it.each([['GET'], ['BLPOP'], ['CLIENT', 'SETNAME'], ['EVAL']])('has nothing against %s', (...args) => {
    expect(refusalOf(routeOf(args)!, shared)).toBeUndefined();
  });
});

describe('PUSH_COMMANDS', () => {
  it('has the six, and keeps them', () => {
    const six = ['PSUBSCRIBE', 'PUNSUBSCRIBE', 'SSUBSCRIBE', 'SUBSCRIBE', 'SUNSUBSCRIBE', 'UNSUBSCRIBE'];
    expect([...PUSH_COMMANDS].sort()).toEqual(six);
    expect(() => (PUSH_COMMANDS as Set<string>).add('GET')).toThrow(TypeError);
    expect(() => (PUSH_COMMANDS as Set<string>).clear()).toThrow(TypeError);
    expect(PUSH_COMMANDS.size).toBe(6);
    for (const name of six) expect(routeOf([name])?.pushReplied).toBe(true);
    expect(routeOf(['MULTI'])?.pushReplied).toBe(false);
  });
});

describe('commandName', () => {
  it('is upper case, and empty for what is no name', () => {
    expect(commandName('get')).toBe('GET');
    expect(commandName(Buffer.from('get'))).toBe('GET');
    expect(commandName(5)).toBe('');
    expect(commandName(undefined)).toBe('');
  });
});
