import { expect, it } from 'vitest';
import { SentinelList } from './sentinel-list.js';
import { addressText, type ServerAddress } from './server-address.js';

const at = (host: string): ServerAddress => ({ host, port: 1 });

function order(list: SentinelList): string[] {
  const asked = new Set<string>();
  for (let next = list.next(asked); next !== undefined; next = list.next(asked)) asked.add(addressText(next));
  return [...asked].map((address) => address.replace(':1', ''));
}

it('goes on with the next when one led to nothing, and comes back to it last', () => {
  const list = new SentinelList(['a', 'b', 'c'].map(at));
  list.postpone(at('a'));
  expect(order(list)).toEqual(['b', 'c', 'a']);
  list.postpone(at('b'));
  list.postpone(at('b'));
  expect(order(list)).toEqual(['c', 'a', 'b']);
});

it('takes up what others know, once, and forgets it when it is of no use', () => {
  const list = new SentinelList([at('a')]);
  list.discover([at('b'), at('a'), at('b'), at('c')]);
  list.discover([at('c')]);
  expect(order(list)).toEqual(['a', 'b', 'c']);
  list.postpone(at('a'));
  list.postpone(at('b'));
  expect(order(list)).toEqual(['c', 'a']);
});

it('has bounds, beyond which it keeps what it has', () => {
  const list = new SentinelList([at('a')]);
  list.discover(Array.from({ length: 100 }, (_, i) => at(`n${i}`)));
  expect(list.size).toBe(17);
  list.discover([at('late')]);
  expect(order(list)).not.toContain('late');
  list.postpone(at('n3'));
  list.discover([at('late')]);
  expect(order(list)).toContain('late');
});
