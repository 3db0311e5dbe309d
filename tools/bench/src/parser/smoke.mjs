import { Random } from '../random.mjs';
import { cut } from './chunks.mjs';
import { contendersFor } from './contenders.mjs';
import { buildCorpus, corpora } from './corpora.mjs';
import { difference, normalise, normalisePush } from './normalise.mjs';

const tinyPieces = () => {
  const random = new Random(7);
  return () => random.integer(1, 64);
};
const PIECES = {
  whole: () => () => Infinity,
  'byte by byte': () => () => 1,
  'pieces of 1–64 B': tinyPieces,
};
/** A megabyte byte by byte takes redis-parser and its likes too long to be a smoke test. */
const BYTEWISE_LIMIT = 200_000;
/** The decoder that the others are compared with: of the peers only this one knows every corpus and reads doubles exactly. */
const REFERENCE = '@redis/client';

const same = (a, b) => Object.is(a, b);
const nearlySame = (a, b) => Math.abs(a - b) <= Math.abs(b) * 1e-14;

/**
 * Differential test: every contender decodes a small piece of every corpus, cut in several ways, to equal values.
 *
 * @returns {Promise<{ comparisons: number, failures: string[] }>}
 */
export async function smoke(corpusIds, modes) {
  const failures = [];
  let comparisons = 0;
  for (const id of corpusIds) {
    const { bytes, replies } = buildCorpus(id, { smoke: true });
    for (const mode of modes) {
      const contenders = await contendersFor(corpora[id], mode);
      const reference = contenders.find((contender) => contender.id === REFERENCE);
      const expected = decode(reference, mode, [bytes]);
      if (expected.length !== replies)
        failures.push(`${id}: the corpus holds ${expected.length} replies, not ${replies}`);
      for (const [pieces, sizes] of Object.entries(PIECES)) {
        if (pieces === 'byte by byte' && bytes.length > BYTEWISE_LIMIT) continue;
        const chunks = cut(bytes, sizes());
        for (const contender of contenders) {
          comparisons++;
          const found = compare(contender, mode, chunks, expected);
          if (found !== undefined) failures.push(`${id}, ${mode}, ${pieces}: ${contender.id} at ${found}`);
        }
      }
    }
  }
  return { comparisons, failures };
}

function compare(contender, mode, chunks, expected) {
  try {
    return difference(
      decode(contender, mode, chunks),
      expected,
      contender.roundsDoubles ? nearlySame : same,
      'reply',
    );
  } catch (error) {
    return `write: ${error.message}`;
  }
}

function decode(contender, mode, chunks) {
  const values = [];
  const decoder = contender.create(mode, {
    onReply(value) {
      assertForm(value, mode);
      values.push(normalise(value));
    },
    onPush: (push) => values.push(normalisePush(push)),
  });
  for (const chunk of chunks) decoder.write(chunk);
  return values;
}

/** Normalised values no longer show whether a reply came in the form that was asked for. */
function assertForm(value, mode) {
  const wrong =
    mode === 'strings' ? value instanceof Uint8Array : typeof value === 'string' && value !== 'OK';
  if (wrong)
    throw new Error(`a reply in the form of ${mode === 'strings' ? 'bytes' : 'a string'} in ${mode} mode`);
}
