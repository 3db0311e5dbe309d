import { deepStrictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import { damage, type FuzzTarget, type Next, pick } from '@redlane/fuzz';
import { InvalidOptionError } from '../../src/errors.js';
import { resolveOptions } from '../../src/options.js';
import { parseUrl, type UrlOptions } from '../../src/url.js';

interface UrlInput {
  readonly url: string;
  /** What it must be read as. `undefined`: nobody knows. */
  readonly expected?: UrlOptions | undefined;
  /** The password stands in it as nobody should write it: whatever becomes of that, no error may show a part of it. */
  readonly hasSecret: boolean;
}

/** Characters of secrets, which are found in no message for another reason. */
const SECRET = [...'QXZ'];
const RESERVED = [...':/?#[]@%&=+,. \\'];
const SCHEMES = ['redis', 'rediss', 'valkey', 'valkeys'] as const;
const OTHER_SCHEMES = [
  ...SCHEMES,
  'REDIS',
  'redis+sentinel',
  'rediss+sentinel',
  'unix',
  'redis+unix',
  'http',
  '',
];
const HOSTS = ['localhost', '127.0.0.1', 'redis.example.com', 'a-b', '[::1]', 'xn--caf-dma'];
const TOKENS = [
  ...RESERVED,
  '://',
  '%',
  '%zz',
  '%00',
  '@',
  '?db=',
  '\0',
  '\n',
  'é',
  '[',
  ']',
  ':99999',
  '/-1',
  'unix:',
];
const KNOWN = new Set<string>([
  'host',
  'port',
  'path',
  'username',
  'password',
  'db',
  'tls',
  'sentinels',
  'name',
  'sentinelTls',
]);

/** URLs of servers: nothing but options or an `InvalidOptionError` that shows no secret comes of any text. */
export const urlTarget: FuzzTarget<UrlInput> = {
  name: 'url',
  input: (next) => pick(next, [sound, careless, broken])(next),
  check: ({ url, expected, hasSecret }) => {
    const options = attempt(() => parseUrl(url), hasSecret);
    attempt(() => resolveOptions(url), hasSecret);
    if (expected !== undefined) deepStrictEqual(options, expected);
    if (options === undefined) return 'refused';
    checkOptions(options);
    return expected === undefined ? 'read' : 'read as meant';
  },
  show: (input) => inspect(input),
};

function attempt<T>(read: () => T, hasSecret: boolean): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    const { code, message, cause } = error;
    if (code !== 'INVALID_OPTION' || cause !== undefined) throw error;
    const found = hasSecret ? SECRET.filter((character) => message.includes(character)) : [];
    if (found.length > 0) throw new Error(`the message shows a part of the password: ${message}`);
    return undefined;
  }
}

function checkOptions(options: UrlOptions): void {
  const { port = 0, db = 0, path = '/', host = 'h' } = options;
  const sound =
    Object.keys(options).every((name) => KNOWN.has(name)) &&
    Number.isInteger(port) &&
    port >= 0 &&
    port <= 65_535 &&
    Number.isSafeInteger(db) &&
    db >= 0 &&
    path.startsWith('/') &&
    host !== '';
  if (!sound) throw new Error(`makes no sense: ${inspect(options)}`);
}

function sound(next: Next): UrlInput {
  const scheme = pick(next, SCHEMES);
  const host = pick(next, HOSTS);
  const expected: UrlOptions = { host: host.replace(/^\[|\]$/g, '') };
  let authority = host;
  if (next(2) === 0) {
    expected.port = 1 + next(65_535);
    authority += `:${expected.port}`;
  }
  if (scheme.endsWith('s') && scheme !== 'redis') expected.tls = true;
  if (next(2) === 0) expected.username = text(next);
  if (next(2) === 0) expected.password = text(next);
  const { username = '', password } = expected;
  const user =
    encodeURIComponent(username) + (password === undefined ? '' : `:${encodeURIComponent(password)}`);
  let url = `${scheme}://${user === '' ? '' : `${user}@`}${authority}`;
  if (next(2) === 0) {
    expected.db = next(20);
    url += pick(next, [`/${expected.db}`, `?db=${expected.db}`, `/${expected.db}?db=${expected.db}`]);
  }
  return { url, expected, hasSecret: false };
}

/** A password that is not percent-encoded. */
function careless(next: Next): UrlInput {
  const characters = [...SECRET, ...SECRET, ...RESERVED, '1'];
  const password = Array.from({ length: 1 + next(12) }, () => pick(next, characters)).join('');
  const end = pick(next, ['', ':6379', '/1', '?db=1', ':port', '/x/y', '?y=1', '#']);
  return {
    url: `${pick(next, OTHER_SCHEMES)}://${pick(next, ['', 'user'])}:${password}@${pick(next, HOSTS)}${end}`,
    hasSecret: true,
  };
}

function broken(next: Next): UrlInput {
  const bytes = damage(Buffer.from(pick(next, [sound, careless])(next).url), next, TOKENS);
  return { url: Buffer.from(bytes).toString(), hasSecret: false };
}

/** Never empty: that is the same as none. */
function text(next: Next): string {
  const characters = [...RESERVED, 'a', 'B', '7', 'é', '😀', '\0', '\n', '"'];
  return Array.from({ length: 1 + next(10) }, () => pick(next, characters)).join('');
}
