import { type Next, pick } from './random-numbers.js';

/** Changes, removes, repeats or puts in a few bytes. `tokens` are what the format makes much of. */
export function damage(bytes: Uint8Array, next: Next, tokens: readonly string[]): Uint8Array {
  const damaged = [...bytes];
  for (let changes = 1 + next(3); changes > 0; changes--) change(damaged, next, tokens);
  return Uint8Array.from(damaged);
}

function change(bytes: number[], next: Next, tokens: readonly string[]): void {
  const at = next(bytes.length + 1);
  switch (next(6)) {
    case 0:
      bytes[at] = next(256);
      break;
    case 1:
      bytes.splice(at, 1 + next(4));
      break;
    case 2:
      bytes.length = at;
      break;
    case 3: {
      const from = next(bytes.length + 1);
      bytes.splice(at, 0, ...bytes.slice(from, from + next(200)));
      break;
    }
    case 4: {
      const bit = 1 << next(8);
      if (at < bytes.length) bytes[at] = bytes[at]! ^ bit;
      break;
    }
    default:
      bytes.splice(at, 0, ...Buffer.from(pick(next, tokens), 'latin1'));
  }
}
