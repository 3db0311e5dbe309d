import { expect, it } from 'vitest';
import { buffers } from '../buffers.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

const ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])";

export function scriptTests({ feature, driver, bed, topology }: Context): void {
  feature('run', () => {
    it('runs scripts, also after SCRIPT FLUSH', async () => {
      expect(await driver().run(ADD, [key('n')], [5])).toBe(5);
      await bed().everywhere('SCRIPT', 'FLUSH');
      expect(await driver().run(ADD, [key('n')], ['2'])).toBe(7);
      expect(await Promise.all([1, 2, 3].map((by) => driver().run(ADD, [key('n')], [by])))).toEqual([
        8, 10, 13,
      ]);
    });

    it('sends the source once, and the SHA-1 from then on', async () => {
      const script = `${ADD} -- ${Math.random()}`;
      await driver().run(script, [key('n')], [1]);
      await bed().everywhere('CONFIG', 'RESETSTAT');
      await driver().run(script, [key('n')], [1]);
      const stats = (await bed().everywhere('INFO', 'commandstats')).join('\n');
      expect(stats).toMatch(/cmdstat_evalsha:calls=1,/);
      expect(stats).not.toMatch(/cmdstat_eval:/);
    });

    it('gives the shapes that RESP2 has', async () => {
      const types = "return {1, 'text', false, {2}, {ok='fine'}}";
      expect(await driver().run(types, [key('a')], [])).toEqual([1, 'text', null, [2], 'fine']);
      const resp3 = 'redis.setresp(3); return ';
      const run = (value: string) => driver().run(resp3 + value, [key('a')], []);
      expect(await run('{double=1.5}')).toBe('1.5');
      expect(await run('{map={k=1}}')).toEqual(['k', 1]);
      expect(await run('{set={m=true}}')).toEqual(['m']);
      expect(await run("{big_number='1234567999999999999999999999999999999'}")).toBe(
        '1234567999999999999999999999999999999',
      );
      expect(await run("{verbatim_string={string='text', format='txt'}}")).toBe('text');
      expect(await run('true')).toBe(1);
    });

    it('gives bytes', async () => {
      const bytes = Buffer.from([0xff, 0x0a]);
      const echo = 'return {ARGV[1], KEYS[1]}';
      const expected = [bytes, Buffer.from(key('a'))];
      const echoed = await driver().run(echo, [key('a')], [bytes], { replies: 'bytes' });
      expect(buffers(echoed)).toEqual(expected);
    });

    it('rejects with the error of the script, which proves nothing', async () => {
      await bed().raw('SET', key('text'), 'x');
      const script = "redis.call('SET', KEYS[2], '1'); return redis.call('LPUSH', KEYS[1], 'x')";
      const error = await failure(driver().run(script, [key('text'), key('b')], []));
      expect(error).toMatchObject({ name: 'ReplyError', code: 'WRONGTYPE', maybeExecuted: true });
    });

    it('sends nothing when the signal was aborted before', async () => {
      const error = await failure(driver().run(ADD, [key('n')], [1], { signal: AbortSignal.abort() }));
      expect(error).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      expect(await bed().raw('EXISTS', key('n'))).toBe(0);
    });

    it.runIf(topology === 'cluster')('refuses keys of several slots', async () => {
      const error = await failure(driver().run(ADD, ['one', 'two'], [1]));
      expect(error.code).toMatch(/^(CROSS_SLOT|CROSSSLOT)$/);
      expect(error.maybeExecuted).toBe(false);
    });
  });
}
