import { expect, it } from 'vitest';
import { buffers } from '../buffers.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

const mixed = [
  ['SET', key('a'), '1'],
  ['LPUSH', key('a'), 'x'],
  ['INCR', key('a')],
];

export function batchTests({ feature, driver, bed, topology }: Context): void {
  feature('batch', () => {
    it.each([false, true])('has errors in their places (atomic: %s)', async (atomic) => {
      expect(await driver().batch(mixed, { atomic })).toEqual({
        aborted: false,
        replies: [
          'OK',
          expect.objectContaining({ name: 'ReplyError', code: 'WRONGTYPE', command: 'LPUSH' }),
          2,
        ],
      });
    });

    it.each([false, true])('has the shapes of single replies (atomic: %s)', async (atomic) => {
      const commands = [
        ['ZADD', key('z'), '1', 'a', '2.5', 'b'],
        ['ZRANGE', key('z'), '0', '-1', 'WITHSCORES'],
        ['HSET', key('h'), 'f', 'v'],
        ['HGETALL', key('h')],
        ['SADD', key('s'), 'm'],
        ['SMEMBERS', key('s')],
        ['ZSCORE', key('z'), 'a'],
      ];
      const outcome = await driver().batch(commands, { atomic });
      expect(outcome).toEqual({
        aborted: false,
        replies: [2, ['a', '1', 'b', '2.5'], 1, ['f', 'v'], 1, ['m'], '1'],
      });
    });

    it('gives bytes', async () => {
      const bytes = Buffer.from([0xfe, 0xff]);
      const commands = [
        ['SET', key('a'), bytes],
        ['GET', key('a')],
        ['HSET', key('h'), bytes, bytes],
        ['HGETALL', key('h')],
      ];
      const replies = [Buffer.from('OK'), bytes, 1, [bytes, bytes]];
      const outcome = await driver().batch(commands, { replies: 'bytes' });
      expect(outcome.aborted ? undefined : buffers(outcome.replies)).toEqual(replies);
    });

    it('is nothing without commands', async () => {
      expect(await driver().batch([])).toEqual({ aborted: false, replies: [] });
      expect(await driver().batch([], { atomic: true })).toEqual({ aborted: false, replies: [] });
    });

    it('executes nothing of an atomic batch of which the server turns one down', async () => {
      const error = await failure(
        driver().batch([['SET', key('a'), '7'], ['GET']], {
          atomic: true,
        }),
      );
      expect(error).toMatchObject({ code: 'EXECABORT', maybeExecuted: false });
      expect(await bed().raw('EXISTS', key('a'))).toBe(0);
    });

    it.each([
      {
        commands: [
          ['SET', key('a'), '1'],
          ['SUBSCRIBE', 'x'],
        ],
        atomic: false,
      },
      {
        commands: [
          ['SET', key('a'), '1'],
          ['WATCH', key('b')],
        ],
        atomic: true,
      },
      {
        commands: [
          ['SET', key('a'), '1'],
          ['BLPOP', key('b'), '0'],
        ],
        atomic: false,
      },
    ])('sends none when one is refused: $commands', async ({ commands, atomic }) => {
      expect(await failure(driver().batch(commands, { atomic }))).toMatchObject({ code: 'COMMAND_REFUSED' });
      expect(await bed().raw('EXISTS', key('a'))).toBe(0);
    });

    it('lets nobody in between when it is atomic', async () => {
      const increment = [
        ['INCR', key('n')],
        ['INCR', key('n')],
      ];
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, () => driver().batch(increment, { atomic: true })),
      );
      for (const outcome of outcomes) {
        const [first, second] = outcome.aborted ? [] : outcome.replies;
        expect(second).toBe((first as number) + 1);
      }
    });

    it('sends nothing when the signal was aborted before', async () => {
      const error = await failure(driver().batch([['INCR', key('n')]], { signal: AbortSignal.abort() }));
      expect(error).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      expect(await bed().raw('EXISTS', key('n'))).toBe(0);
    });

    it('reaches all keys, whatever their slots', async () => {
      const commands = Array.from({ length: 100 }, (_, index) => ['SET', `key:${index}`, String(index)]);
      const outcome = await driver().batch(commands);
      expect(outcome).toEqual({ aborted: false, replies: commands.map(() => 'OK') });
      expect(await bed().raw('GET', 'key:42')).toBe('42');
    });

    it.runIf(topology === 'cluster')('refuses an atomic batch over several slots', async () => {
      const error = await failure(
        driver().batch(
          [
            ['SET', 'one', '1'],
            ['SET', 'two', '2'],
          ],
          { atomic: true },
        ),
      );
      expect(error.code).toMatch(/^(CROSS_SLOT|CROSSSLOT)$/);
      expect(error.maybeExecuted).toBe(false);
      expect(await bed().raw('EXISTS', 'one')).toBe(0);
    });
  });
}
