import { measure } from '../measure.mjs';
import { chunkings, cut } from './chunks.mjs';
import { contendersFor } from './contenders.mjs';
import { buildCorpus, corpora } from './corpora.mjs';

/**
 * Counts replies and takes a little from each, so that no decoder can leave a value undecoded (the character in the middle
 * flattens a string that was only glued together) and none of its work can be optimised away.
 */
class Tally {
  count = 0;
  sum = 0;
  last = undefined;

  take = (value) => {
    this.count++;
    if (typeof value === 'string') this.sum += value.length + value.charCodeAt(value.length >> 1);
    else if (typeof value === 'number') this.sum += value;
    else if (value instanceof Uint8Array) this.sum += value.length + value[0];
    else if (Array.isArray(value)) this.sum += value.length;
    this.last = value;
  };
}

/** One contender on one corpus; a pass decodes all of it and returns the milliseconds. */
function parserPass(contender, mode, chunks, replies) {
  const tally = new Tally();
  const decoder = contender.create(mode, { onReply: tally.take, onPush: tally.take });
  let checksum;
  return () => {
    tally.count = 0;
    tally.sum = 0;
    const start = performance.now();
    for (let i = 0; i < chunks.length; i++) decoder.write(chunks[i]);
    const ms = performance.now() - start;
    tally.last = undefined;
    if (tally.count !== replies)
      throw new Error(`${contender.id} decoded ${tally.count} of ${replies} replies`);
    checksum ??= tally.sum;
    if (tally.sum !== checksum)
      throw new Error(`${contender.id} decoded other values than in its first pass`);
    return ms;
  };
}

async function runJob({ corpus, mode, chunks: chunking, rounds }) {
  const contenders = await contendersFor(corpora[corpus], mode);
  const { bytes, replies } = buildCorpus(corpus);
  const chunks = cut(bytes, chunkings[chunking]());
  const passes = contenders.map((contender) => ({
    id: contender.id,
    pass: parserPass(contender, mode, chunks, replies),
  }));
  return {
    bytes: bytes.length,
    contenders: contenders.map(({ id, ours, form }) => ({ id, ours, form })),
    rounds: await measure(passes, { rounds, between: globalThis.gc }),
  };
}

process.once('message', async (job) => {
  let message;
  try {
    message = { result: await runJob(job) };
  } catch (error) {
    message = { error: error.stack };
  }
  // redis-parser leaves a timer behind, which would keep this process alive.
  process.send(message, () => process.exit(0));
});
