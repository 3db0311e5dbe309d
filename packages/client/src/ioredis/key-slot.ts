import type { Word } from './ioredis-like.js';

const OPEN = 0x7b;
const CLOSE = 0x7d;
/** x^16 + x^12 + x^5 + 1, the polynomial of Redis Cluster's CRC16 (XMODEM). */
const POLYNOMIAL = 0x1021;
const SLOTS = 16_384;

const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0);
  return crc;
});

/** The slot of a key: of what stands between its first `{` and the next `}`, if that is anything, and else of all of it. */
export function keySlot(key: Word): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key;
  const open = bytes.indexOf(OPEN);
  const close = open < 0 ? -1 : bytes.indexOf(CLOSE, open + 1);
  const tagged = close > open + 1;
  const end = tagged ? close : bytes.length;
  let crc = 0;
  for (let at = tagged ? open + 1 : 0; at < end; at++) {
    crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ (bytes[at] as number)] as number);
  }
  return crc % SLOTS;
}
