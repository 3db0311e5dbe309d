import { RespDecoder, type RespValue } from '../../src/index.js';

// Run with --expose-gc: prints how many bytes each way of keeping 5,000 strings holds, as JSON.

const MiB = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const KEPT = 5000;

interface Way {
  name: string;
  /** Bytes of one string. */
  size: number;
  /** Bytes of replies in all. */
  total: number;
  /** Strings in a reply. */
  perReply: number;
  text?: string;
}

const ways: Way[] = [10, 40].flatMap((size) => [
  { name: `bulks of ${size}`, size, total: 120 * MiB, perReply: 1 },
  { name: `arrays of 100 bulks of ${size}`, size, total: 120 * MiB, perReply: 100 },
  { name: `one array of bulks of ${size}`, size, total: 40 * MiB, perReply: Number.POSITIVE_INFINITY },
  { name: `non-ASCII bulks of ${size}`, size, total: 40 * MiB, perReply: 1, text: 'äöü€' },
  {
    name: `some non-ASCII bulks of ${size}`,
    size,
    total: 40 * MiB,
    perReply: 100,
    text: 'one of so many foreign words: ä.',
  },
]);

/** Bytes that are still in use, the strings of the decoder included. */
function inUse(): number {
  for (let i = 0; i < 4; i++) globalThis.gc!();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

function keep({ size, total, perReply, text = 'abcdefghijklmnopqrstuvwxyz0123456789' }: Way): string[] {
  const kept: string[] = [];
  const bulk = Buffer.concat([Buffer.from(`$${size}\r\n`), Buffer.alloc(size, text), Buffer.from('\r\n')]);
  const strings = Math.floor(total / bulk.length);
  const step = Math.floor(strings / KEPT);
  let seen = 0;
  const look = (value: RespValue): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (++seen % step === 0 && kept.length < KEPT) kept.push(value as string);
  };
  const decoder = new RespDecoder({ onReply: look, onErrorReply() {}, onPush() {} });

  const endless = perReply > strings;
  if (endless) decoder.write(Buffer.from(`*${strings}\r\n`));
  const many = endless || perReply === 1 ? [] : [Buffer.from(`*${perReply}\r\n`)];
  const reply = Buffer.concat([...many, ...Array<Buffer>(endless ? 1 : perReply).fill(bulk)]);
  const replies = endless ? strings : Math.floor(strings / perReply);
  const block = Buffer.concat(Array<Buffer>(Math.ceil(CHUNK_BYTES / reply.length) + 1).fill(reply));
  for (let at = 0; at < replies * reply.length; at += CHUNK_BYTES) {
    const from = at % reply.length;
    const size = Math.min(CHUNK_BYTES, replies * reply.length - at);
    // Each chunk in memory of its own, as a socket gives them.
    const chunk = Buffer.allocUnsafeSlow(size);
    block.copy(chunk, 0, from, from + size);
    decoder.write(chunk);
  }
  if (decoder.pending) throw new Error('the last reply has no end');
  return kept;
}

const results = ways.map((way) => {
  const before = inUse();
  const kept = keep(way);
  const held = inUse() - before;
  return { name: way.name, kept: kept.length, held };
});
console.log(JSON.stringify(results));
