import { expect, it } from 'vitest';
import { buffers } from '../buffers.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

const REFUSED: readonly (readonly string[])[] = [
  ['SUBSCRIBE', 'a'],
  ['psubscribe', 'a*'],
  ['SSUBSCRIBE', 'a'],
  ['MULTI'],
  ['EXEC'],
  ['WATCH', key('a')],
  ['SELECT', '1'],
  ['HELLO', '3'],
  ['AUTH', 'secret'],
  ['RESET'],
  ['QUIT'],
  ['MONITOR'],
  ['CLIENT', 'REPLY', 'OFF'],
  ['CLIENT', 'TRACKING', 'ON'],
  ['BLPOP', key('a'), '0'],
  ['BLMOVE', key('a'), key('b'), 'LEFT', 'RIGHT', '1'],
  ['XREAD', 'BLOCK', '10', 'STREAMS', key('a'), '$'],
  ['WAIT', '0', '10'],
];

export function commandTests({ feature, driver, topology }: Context): void {
  feature('send', () => {
    it('says what it is connected to', () => {
      expect(driver().topology).toBe(topology);
    });

    it('takes text, numbers and bytes', async () => {
      expect(await driver().send(['SET', key('a'), 'text'])).toBe('OK');
      expect(await driver().send([Buffer.from('get'), Buffer.from(key('a'))])).toBe('text');
      expect(await driver().send(['RPUSH', key('list'), 1, 1.5, -7n, 'ü', new Uint8Array([0x7a])])).toBe(5);
      expect(await driver().send(['LRANGE', key('list'), 0, -1])).toEqual(['1', '1.5', '-7', 'ü', 'z']);
      expect(await driver().send(['GET', key('missing')])).toBeNull();
    });

    it('gives bytes to those who ask for them, and text to the others', async () => {
      const bytes = new Uint8Array([0xff, 0x00, 0x0d, 0x0a, 0x80]);
      await driver().send(['SET', key('a'), bytes]);
      const [raw, text, list] = await Promise.all([
        driver().send(['GET', key('a')], { replies: 'bytes' }),
        driver().send(['STRLEN', key('a')]),
        driver().send(['MGET', key('a'), key('missing')], { replies: 'bytes' }),
      ]);
      expect(raw).toBeInstanceOf(Uint8Array);
      expect(buffers(raw)).toEqual(Buffer.from(bytes));
      expect(text).toBe(5);
      expect(buffers(list)).toEqual([Buffer.from(bytes), null]);
      const done = await driver().send(['SET', key('a'), 'x'], { replies: 'bytes' });
      expect(buffers(done)).toEqual(Buffer.from('OK'));
    });

    it('keeps integers exact', async () => {
      const send = (by: string) => driver().send(['INCRBY', key('n'), by]);
      expect(await send('9007199254740991')).toBe(9007199254740991);
      expect(await send('2')).toBe(9007199254740993n);
      expect(await send('9214364837600034814')).toBe(9223372036854775807n);
    });

    it('keeps the order of the calls', async () => {
      const calls = Array.from({ length: 500 }, () => driver().send(['INCR', key('n')]));
      expect(await Promise.all(calls)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    });

    it('rejects with the code of the server and the name of the command, without arguments', async () => {
      await driver().send(['SET', key('text'), 'x']);
      const error = await failure(driver().send(['LPUSH', key('text'), 'secret']));
      expect(error).toMatchObject({ name: 'ReplyError', code: 'WRONGTYPE', command: 'LPUSH' });
      expect(error).toMatchObject({ maybeExecuted: false, phase: 'refused' });
      expect(JSON.stringify(error) + error.message).not.toContain('secret');
      expect(await failure(driver().send(['NOSUCHCOMMAND', key('a')]))).toMatchObject({ code: 'ERR' });
    });

    it.each(REFUSED)('does not send %s', async (...args) => {
      const error = await failure(driver().send(args));
      expect(error).toMatchObject({ code: 'COMMAND_REFUSED', maybeExecuted: false, phase: 'refused' });
    });

    it('refuses arguments that are none', async () => {
      await failure(driver().send(['SET', key('a'), undefined as never]));
      await failure(driver().send(['SET', key('a'), {} as never]));
      await failure(driver().send([]));
      expect(await driver().send(['EXISTS', key('a')])).toBe(0);
    });

    it('sends nothing when the signal was aborted before', async () => {
      const error = await failure(
        driver().send(['INCR', key('n')], { signal: AbortSignal.abort(new Error('no')) }),
      );
      expect(error).toMatchObject({ name: 'AbortError', code: 'ABORTED', maybeExecuted: false });
      expect(error.cause).toMatchObject({ message: 'no' });
      expect(await driver().send(['GET', key('n')])).toBeNull();
    });
  });
}
