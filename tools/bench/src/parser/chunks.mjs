import { Random } from '../random.mjs';

/** How big the pieces are in which the decoder gets its input. */
export const chunkings = {
  /** What libuv reads at most from a busy socket. */
  '64k': () => () => 65_536,
  /** Odd sizes from 1 to 16 KiB: replies are cut anywhere. */
  odd: () => {
    const random = new Random(0x0dd);
    return () => random.integer(512, 8191) * 2 + 1;
  },
};

/**
 * Cuts `bytes` into fresh Buffers, each with an ArrayBuffer of its own as a socket's reads have: a decoder that keeps views
 * then pays what it would pay in life.
 */
export function cut(bytes, nextSize) {
  const chunks = [];
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + nextSize());
    chunks.push(Buffer.from(new Uint8Array(bytes.subarray(start, end)).buffer));
    start = end;
  }
  return chunks;
}
