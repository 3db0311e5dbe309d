import { expect, it } from 'vitest';
import { Inlet } from './inlet.js';

function read(inlet: Inlet, text: string): void {
  inlet.callback(inlet.buffer.write(text));
}

it('keeps what comes before somebody takes it', () => {
  const inlet = new Inlet();
  read(inlet, 'one');
  read(inlet, 'three');
  const taken: string[] = [];
  inlet.open((chunk) => taken.push(chunk.toString()));
  read(inlet, 'four');
  expect(taken).toEqual(['one', 'three', 'four']);
});
