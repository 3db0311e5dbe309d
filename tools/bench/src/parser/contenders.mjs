import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The package's own file, past its `exports` and `main`. */
const internal = (name, path) => require(join(dirname(require.resolve(`${name}/package.json`)), path));

/**
 * Decoders behind one interface.
 *
 * @typedef {object} Sink
 * @property {(value: unknown) => void} onReply also for error replies
 * @property {(push: unknown) => void} onPush
 *
 * @typedef {object} DecoderContender
 * @property {string} id
 * @property {string} package
 * @property {2 | 3} resp the newest protocol it knows
 * @property {boolean} ours
 * @property {string} [form] how it returns maps, when it runs once per form
 * @property {boolean} [roundsDoubles] known to be a few units off in the last place of a double
 * @property {(mode: 'strings' | 'bytes', sink: Sink) => { write(chunk: Buffer): void }} create
 */

/** @type {DecoderContender} */
const redisParser = {
  id: 'redis-parser',
  package: 'redis-parser',
  resp: 2,
  ours: false,
  create(mode, { onReply }) {
    const Parser = require('redis-parser');
    const parser = new Parser({
      returnBuffers: mode === 'bytes',
      returnReply: onReply,
      returnError: onReply,
      returnFatalError(error) {
        throw error;
      },
    });
    return { write: (chunk) => parser.execute(chunk) };
  },
};

/** node-redis's decoder and ioredis 6's descendant of it. Both return pushes as Buffers in either mode: so they are built. */
function nodeRedisFamily(name, path, traits) {
  return {
    id: name,
    package: name,
    resp: 3,
    ours: false,
    ...traits,
    create(mode, { onReply, onPush }) {
      const { Decoder, RESP_TYPES } = internal(name, path);
      const mapping =
        mode === 'bytes' ? { [RESP_TYPES.SIMPLE_STRING]: Buffer, [RESP_TYPES.BLOB_STRING]: Buffer } : {};
      return new Decoder({ onReply, onErrorReply: onReply, onPush, getTypeMapping: () => mapping });
    },
  };
}

export const peers = [
  redisParser,
  nodeRedisFamily('ioredis', 'built/resp/decoder.js', { roundsDoubles: true }),
  nodeRedisFamily('@redis/client', 'dist/lib/RESP/decoder.js', {}),
];

function redlane(RespDecoder, form) {
  return {
    id: form === undefined ? 'redlane' : `redlane (${form})`,
    package: '@redlane/resp3-core',
    resp: 3,
    ours: true,
    form,
    create(mode, { onReply, onPush }) {
      const replies = mode === 'bytes' ? 'bytes' : 'string';
      const maps = form === undefined ? {} : { maps: form };
      return new RespDecoder(
        { onReply, onErrorReply: onReply, onPush },
        { replies, pushReplies: replies, ...maps },
      );
    },
  };
}

/** Our decoder as users get it, from the built package; `undefined` when that has not been built. */
async function loadOwn() {
  try {
    return (await import('@redlane/resp3-core')).RespDecoder;
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether ours takes part at all. */
export async function isOwnBuilt() {
  return (await loadOwn()) !== undefined;
}

async function own(corpus, mode) {
  const RespDecoder = await loadOwn();
  if (RespDecoder === undefined) return [];
  // In bytes mode a map is always a list of entries, so there is one form only.
  const forms = corpus.maps && mode === 'strings' ? ['object', 'map'] : [undefined];
  return forms.map((form) => redlane(RespDecoder, form));
}

/** Everybody who can decode the corpus: the peers, then ours. */
export async function contendersFor(corpus, mode) {
  return [...peers, ...(await own(corpus, mode))].filter(({ resp }) => resp >= corpus.resp);
}
