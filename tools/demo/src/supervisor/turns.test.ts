import { expect, it } from 'vitest';
import { Turns } from './turns.js';

const n1 = { id: 'n1', port: 1 };
const n2 = { id: 'n2', port: 2 };
const none: ReadonlySet<number> = new Set();

it('asks one after the other', () => {
  const turns = new Turns();
  const asked = [1, 2, 3].map(() => turns.next([n2, n1], none)?.id);
  expect(asked).toEqual(['n1', 'n2', 'n1']);
});

it('leaves out who has just failed, and who is not there', () => {
  const turns = new Turns();
  expect(turns.next([n1, n2], new Set([1]))).toBe(n2);
  expect(turns.next([n1, n2], new Set([1]))).toBe(n2);
  expect(turns.next([n1], none)).toBe(n1);
});

it('says when nobody is left', () => {
  expect(new Turns().next([n1], new Set([1]))).toBeUndefined();
  expect(new Turns().next([], none)).toBeUndefined();
});
