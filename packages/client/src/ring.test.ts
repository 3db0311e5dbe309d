import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ring } from './ring.js';

it('behaves like an array that is pushed, shifted and unshifted', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof({ weight: 3, arbitrary: fc.nat() }, fc.constantFrom('shift' as const, 'unshift' as const)),
      ),
      (steps) => {
        const ring = new Ring<number>();
        const model: number[] = [];
        for (const step of steps) {
          if (step === 'shift') expect(ring.shift()).toBe(model.shift());
          else if (step === 'unshift') {
            ring.unshift(-1 - model.length);
            model.unshift(-1 - model.length);
          } else {
            ring.push(step);
            model.push(step);
          }
          expect(ring.length).toBe(model.length);
          expect(ring.peek()).toBe(model[0]);
          expect(ring.at(model.length - 1)).toBe(model.at(-1));
          expect(ring.at(model.length)).toBeUndefined();
        }
        expect(ring.drain()).toEqual(model);
        expect(ring.length).toBe(0);
      },
    ),
  );
});

it('keeps its order over many laps', () => {
  const ring = new Ring<number>();
  let next = 0;
  let expected = 0;
  for (let lap = 0; lap < 100; lap++) {
    for (let i = 0; i < lap; i++) ring.push(next++);
    for (let i = 0; i < lap - 1; i++) expect(ring.shift()).toBe(expected++);
  }
});
