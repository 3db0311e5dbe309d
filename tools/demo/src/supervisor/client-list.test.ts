import { expect, it } from 'vitest';
import { connectionIds } from './client-list.js';

const list = [
  'id=3 addr=127.0.0.1:1 laddr=127.0.0.1:2 name=desk-1-n1 age=1 lib-name=redlane',
  'id=4 addr=127.0.0.1:1 name= age=2 cmd=ping',
  'id=5 addr=127.0.0.1:1 name=desk-10-n1 age=2',
  'id=6 addr=127.0.0.1:1 name=desk-1-desk age=2',
  '',
].join('\n');

it('finds connections by the beginning of their names', () => {
  expect(connectionIds(list, 'desk-1-')).toEqual(['3', '6']);
  expect(connectionIds(list, 'desk-1-desk')).toEqual(['6']);
  expect(connectionIds(list, 'other')).toEqual([]);
});
