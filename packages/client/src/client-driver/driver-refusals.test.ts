import { describe, expect, it } from 'vitest';
import { blockingTimeoutMs, checkDriverCommand, type DriverPlace } from './driver-refusals.js';

const PLACES: readonly DriverPlace[] = ['shared', 'batch', 'atomic', 'lease', 'lease-batch', 'lease-atomic'];

describe('checkDriverCommand', () => {
  it.each<[string, readonly DriverPlace[]]>([
    ['GET k', PLACES],
    ['XREAD STREAMS x 0', PLACES],
    ['CLIENT SETNAME me', PLACES],
    ['WATCH k', ['lease', 'lease-batch']],
    ['UNWATCH', ['lease', 'lease-batch']],
    ['WAIT 1 10', ['lease']],
    ['BLPOP k 0', ['atomic', 'lease', 'lease-atomic']],
    ['xread block 0 streams x $', ['atomic', 'lease', 'lease-atomic']],
    ['MULTI', []],
    ['SELECT 1', []],
    ['SUBSCRIBE c', []],
    ['RESET', []],
    ['HELLO 3', []],
    ['CLIENT TRACKING ON', []],
  ])('allows %s only where it does no harm', (line, allowed) => {
    for (const place of PLACES) {
      const check = (): void => checkDriverCommand(line.split(' '), place);
      if (allowed.includes(place)) expect(check).not.toThrow();
      else
        expect(check, place).toThrow(
          expect.objectContaining({ code: 'COMMAND_REFUSED', maybeExecuted: false }),
        );
    }
  });

  it('says what to do instead, in terms of a driver', () => {
    const message = (line: string, place: DriverPlace): string => {
      try {
        checkDriverCommand(line.split(' '), place);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(message('BLPOP secret 0', 'shared')).toMatch(/lease\(\)/);
    expect(message('MULTI', 'lease')).toMatch(/batch\(\) with atomic/);
    for (const line of ['BLPOP secret 0', 'SELECT 1', 'WATCH secret', 'WAIT 1 1', 'RESET']) {
      expect(message(line, 'shared')).not.toMatch(/withConnection|secret/);
    }
  });
});

describe('blockingTimeoutMs', () => {
  it('is how long a command may wait at the server', () => {
    expect(blockingTimeoutMs(['BLPOP', 'k', 1.5])).toBe(1_500);
    expect(blockingTimeoutMs(['BLPOP', 'k', 0])).toBe(Number.POSITIVE_INFINITY);
    expect(blockingTimeoutMs(['LPOP', 'k'])).toBeUndefined();
  });
});
