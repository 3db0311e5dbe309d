import { expect, it } from 'vitest';
import type { Context } from '../context.js';
import { failure } from '../failure.js';

async function list(keys: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const name of keys) all.push(name);
  return all.sort();
}

export function scanTests({ feature, driver, bed }: Context): void {
  const fill = async (): Promise<string[]> => {
    const names = Array.from({ length: 300 }, (_, index) => `k:${index}`).sort();
    await driver().batch(names.map((name) => ['SET', name, '1']));
    return names;
  };

  feature('scan', () => {
    it('gives every key once, over all masters', async () => {
      const names = await fill();
      expect(await list(driver().scan({ count: 10 }))).toEqual(names);
      expect(await list(driver().scan())).toEqual(names);
    });

    it('looks for patterns and types', async () => {
      await fill();
      await driver().send(['LPUSH', 'k:list', 'x']);
      expect(await list(driver().scan({ match: 'k:1?' }))).toEqual(
        Array.from({ length: 10 }, (_, index) => `k:1${index}`),
      );
      expect(await list(driver().scan({ type: 'list' }))).toEqual(['k:list']);
      expect(await list(driver().scan({ match: 'nothing*' }))).toEqual([]);
    });

    it('asks only as far as it is read', async () => {
      await fill();
      await bed().everywhere('CONFIG', 'RESETSTAT');
      for await (const name of driver().scan({ count: 10 })) {
        expect(name).toMatch(/^k:/);
        break;
      }
      const stats = (await bed().everywhere('INFO', 'commandstats')).join('\n');
      const calls = Number(/cmdstat_scan:calls=(\d+)/.exec(stats)?.[1]);
      expect(calls).toBeLessThan(10);
    });

    it('ends with its signal', async () => {
      await fill();
      const controller = new AbortController();
      const read = async (): Promise<void> => {
        for await (const _ of driver().scan({ count: 1, signal: controller.signal })) controller.abort();
      };
      expect(await failure(read())).toMatchObject({ code: 'ABORTED' });
    });
  });
}
