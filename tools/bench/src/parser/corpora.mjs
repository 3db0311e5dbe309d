import { Random } from '../random.mjs';

/**
 * What is decoded. All bytes come from a seed, so every process and every machine sees the same input.
 *
 * @typedef {object} Corpus
 * @property {string} title
 * @property {number} replies
 * @property {number} smokeReplies how many the differential test takes
 * @property {2 | 3} resp the protocol that a decoder must know
 * @property {boolean} [maps] holds maps: a decoder with several forms for them runs once per form
 * @property {(random: Random, replies: number, smoke: boolean) => string} build the wire text
 */

const SEED = 0x5eed;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.:;,/{}"';
const FIELDS = [
  ...['id', 'name', 'email', 'status', 'created_at', 'updated_at', 'role', 'locale', 'timezone', 'plan'],
  ...[
    'balance',
    'currency',
    'last_login',
    'login_count',
    'avatar_url',
    'theme',
    'team',
    'manager',
    'phone',
    'note',
  ],
];
const FOREIGN = [
  'Grüße aus Köln, ',
  'Привет, мир ',
  'こんにちは世界',
  'déjà vu à Noël ',
  '안녕하세요 ',
  '👋🏽 hi 🎉 ',
  'Ελληνικά ',
];

const bulk = (text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const repeat = (count, frame) => Array.from({ length: count }, (_, index) => frame(index)).join('');

/** Returns a function that cuts ASCII texts of any length from one random pool. */
function asciiTexts(random) {
  const pool = repeat(1 << 16, () => ALPHABET[random.integer(0, ALPHABET.length - 1)]);
  return (length) => {
    let text = '';
    while (text.length < length) {
      const start = random.integer(0, pool.length - 1);
      text += pool.slice(start, start + length - text.length);
    }
    return text;
  };
}

const bulks = (length) => (random, replies) => {
  const text = asciiTexts(random);
  return repeat(replies, () => bulk(text(length)));
};

/** 1 to 9 digits, every tenth negative, and now and then a timestamp or an id that does not fit 32 bits. */
function mixedInteger(random) {
  const digits = random.next() < 0.02 ? random.integer(13, 15) : random.integer(1, 9);
  const magnitude = random.integer(10 ** (digits - 1), 10 ** digits - 1);
  return random.next() < 0.1 ? -magnitude : magnitude;
}

const hashes = (header) => (random, replies) => {
  const text = asciiTexts(random);
  return repeat(
    replies,
    () => header + FIELDS.map((key) => bulk(key) + bulk(text(random.integer(8, 24)))).join(''),
  );
};

const messages = (header) => (random, replies) => {
  const text = asciiTexts(random);
  return repeat(replies, () => {
    const room = String(random.integer(0, 99)).padStart(4, '0');
    return `${header}${bulk('message')}${bulk(`room:${room}`)}${bulk(text(64))}`;
  });
};

function mixed(random, replies) {
  const text = asciiTexts(random);
  const shortBulk = () => bulk(text(random.integer(4, 12)));
  const double = () => `,${random.integer(-99_999, 99_999) / 10 ** random.integer(1, 4)}\r\n`;
  const boolean = () => `#${random.pick('tf')}\r\n`;
  const integer = () => `:${mixedInteger(random)}\r\n`;
  const bigNumber = () =>
    `(${random.pick(['', '-'])}${random.integer(1, 9)}${repeat(24, () => random.integer(0, 9))}\r\n`;
  const frames = [
    double,
    boolean,
    () => '_\r\n',
    bigNumber,
    () =>
      `%3\r\n${bulk('score')}${double()}${bulk('tags')}~2\r\n${shortBulk()}${shortBulk()}${bulk('ok')}${boolean()}`,
    () => `~4\r\n${repeat(4, shortBulk)}`,
    () => `*3\r\n*2\r\n${integer()}${double()}*2\r\n${shortBulk()}_\r\n${boolean()}`,
    () => `*2\r\n%1\r\n+big\r\n${bigNumber()}%2\r\n+a\r\n${integer()}+b\r\n*1\r\n${shortBulk()}`,
  ];
  return repeat(replies, (index) => frames[index % frames.length]());
}

/** About 35 bytes in 10 to 35 characters. */
function foreignText(random) {
  let text = '';
  while (Buffer.byteLength(text) < 26) text += random.pick(FOREIGN);
  return text;
}

/** @type {Record<string, Corpus>} */
export const corpora = {
  a: {
    title: '`+OK`',
    replies: 100_000,
    smokeReplies: 50,
    resp: 2,
    build: (_, n) => repeat(n, () => '+OK\r\n'),
  },
  b: {
    title: 'integers',
    replies: 100_000,
    smokeReplies: 200,
    resp: 2,
    build: (random, n) => repeat(n, () => `:${mixedInteger(random)}\r\n`),
  },
  c: { title: 'bulks of 10 B', replies: 100_000, smokeReplies: 100, resp: 2, build: bulks(10) },
  c40: { title: 'bulks of 40 B', replies: 100_000, smokeReplies: 100, resp: 2, build: bulks(40) },
  c200: { title: 'bulks of 200 B', replies: 50_000, smokeReplies: 50, resp: 2, build: bulks(200) },
  c1k: { title: 'bulks of 1 KiB', replies: 30_000, smokeReplies: 30, resp: 2, build: bulks(1024) },
  d: { title: 'bulks of 16 KiB', replies: 2000, smokeReplies: 5, resp: 2, build: bulks(16_384) },
  e: {
    title: 'arrays of 100 bulks of 20 B',
    replies: 2000,
    smokeReplies: 5,
    resp: 2,
    build(random, n) {
      const text = asciiTexts(random);
      return repeat(n, () => `*100\r\n${repeat(100, () => bulk(text(20)))}`);
    },
  },
  f: {
    title: 'maps of 20 fields',
    replies: 5000,
    smokeReplies: 10,
    resp: 3,
    maps: true,
    build: hashes('%20\r\n'),
  },
  f2: {
    title: 'the same as flat arrays',
    replies: 5000,
    smokeReplies: 10,
    resp: 2,
    build: hashes('*40\r\n'),
  },
  g: { title: 'pushes, 64 B payload', replies: 50_000, smokeReplies: 50, resp: 3, build: messages('>3\r\n') },
  g2: {
    title: 'RESP2 messages, 64 B payload',
    replies: 50_000,
    smokeReplies: 50,
    resp: 2,
    build: messages('*3\r\n'),
  },
  h: { title: 'mixed RESP3, nested', replies: 32_000, smokeReplies: 200, resp: 3, maps: true, build: mixed },
  i: {
    title: 'non-ASCII, about 32 B',
    replies: 50_000,
    smokeReplies: 100,
    resp: 2,
    build: (random, n) => repeat(n, () => bulk(foreignText(random))),
  },
  i2: {
    title: '60 B, 2 % of them not ASCII',
    replies: 50_000,
    smokeReplies: 200,
    resp: 2,
    build(random, n) {
      const text = asciiTexts(random);
      return repeat(n, () => bulk(random.next() < 0.02 ? `${text(30)}é${text(28)}` : text(60)));
    },
  },
  j: {
    title: 'one bulk of 64 MiB',
    replies: 1,
    smokeReplies: 1,
    resp: 2,
    build: (random, _, smoke) => bulk(asciiTexts(random)(1 << 20).repeat(smoke ? 1 : 64)),
  },
  k: {
    title: 'one array of 1,000,000 integers',
    replies: 1,
    smokeReplies: 1,
    resp: 2,
    build(random, _, smoke) {
      const length = smoke ? 2000 : 1_000_000;
      return `*${length}\r\n${repeat(length, () => `:${random.integer(0, 999_999)}\r\n`)}`;
    },
  },
};

/** The bytes of a corpus, whole or in the differential test's size. */
export function buildCorpus(id, { smoke = false } = {}) {
  const corpus = corpora[id];
  const replies = smoke ? corpus.smokeReplies : corpus.replies;
  return { replies, bytes: Buffer.from(corpus.build(new Random(SEED), replies, smoke)) };
}
