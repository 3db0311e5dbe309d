import { describe, expect, it } from 'vitest';
import { MemoryLog } from './memory-log.js';

const SIZE = 3;

/** Everything that a reader says now. */
function take(tail: ReturnType<MemoryLog['open']>): string[] {
  const said: string[] = [];
  for (let event = tail.read(); event !== undefined; event = tail.read()) {
    said.push(event.type === 'entry' ? String(event.data['n']) : event.type);
  }
  return said;
}

async function fill(log: MemoryLog, target?: string): Promise<void> {
  for (let i = 0; i < 2 * SIZE; i++) await log.append({ n: `${i}` }, { target });
}

describe('MemoryLog', () => {
  it('does not reset who has read all, whatever is sent to others', async () => {
    const log = new MemoryLog(SIZE);
    const tail = log.open();
    expect(take(tail)).toEqual(['open']);
    for (let i = 0; i < 3 * SIZE; i++) {
      await log.append({ n: 'x' }, { target: 'ann' });
      expect(take(tail)).toEqual([]);
    }
    await log.append({ n: 'for all' });
    expect(take(tail)).toEqual(['for all']);
    expect(tail.behind).toBe(0);
  });

  it('continues behind a cursor unless something that was for its target is gone', async () => {
    const log = new MemoryLog(SIZE);
    const cursor = await log.position();
    await fill(log, 'ann');
    await log.append({ n: 'for all' });
    expect(take(log.open(cursor, { target: 'bob' }))).toEqual(['open', 'for all']);
    expect(take(log.open(cursor))).toEqual(['open', 'for all']);
    expect(log.open(cursor, { target: 'ann' }).read()).toMatchObject({ type: 'reset', reason: 'inbox' });
    expect((await log.read(cursor, { target: 'ann' })).reset).toBe('inbox');
    await fill(log);
    expect(log.open(cursor, { target: 'bob' }).read()).toMatchObject({ type: 'reset', reason: 'trimmed' });
  });

  it('remembers of single targets no more than it keeps entries, and errs on the side of a reset', async () => {
    const log = new MemoryLog(SIZE);
    const cursor = await log.position();
    for (let i = 0; i < 3 * SIZE; i++) await log.append({ n: 'x' }, { target: `t${i}` });
    expect((await log.read(cursor, { target: 'bob' })).reset).toBe('inbox');
    expect((await log.read(cursor)).reset).toBeUndefined();
  });

  it('resets a reader that is too slow, and all when it is removed', async () => {
    const log = new MemoryLog(SIZE);
    const tail = log.open();
    take(tail);
    await fill(log);
    expect(take(tail)).toEqual(['reset']);
    await log.remove();
    expect(take(tail)).toEqual(['reset']);
    expect(take(log.open(undefined, { from: 'start' }))).toEqual(['open']);
  });

  it('does not wake a reader that was closed', async () => {
    const log = new MemoryLog(SIZE);
    let woken = 0;
    const tail = log.open(undefined, { onReadable: () => woken++ });
    take(tail);
    await log.append({ n: 'x' });
    expect(woken).toBe(1);
    take(tail);
    tail.close();
    await log.append({ n: 'y' });
    expect(woken).toBe(1);
    expect(() => tail.read()).toThrow(expect.objectContaining({ code: 'CLOSED' }));
  });
});
