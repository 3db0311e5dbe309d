import { type Next, pick } from '@redlane/fuzz';
import type { EngineOptions } from '../../src/options.js';

/** What one run of the fuzzer decodes, how it is cut, and with which options. */
export interface DecoderInput {
  bytes: Uint8Array;
  cuts: number[];
  options: EngineOptions;
  /** Nothing has been changed: it must decode. */
  sound: boolean;
}

export function decoderInput(next: Next): DecoderInput {
  const count = 1 + next(4);
  let text = '';
  for (let i = 0; i < count; i++)
    text += next(6) === 0 ? push(next, 3) : attributes(next, 3) + value(next, 3);
  const bytes = [...Buffer.from(text, 'latin1')];
  const sound = next(3) === 0;
  for (let changes = sound ? 0 : 1 + next(3); changes > 0; changes--) mutate(bytes, next);
  return { bytes: Uint8Array.from(bytes), cuts: cuts(next), options: options(next, sound), sound };
}

function cuts(next: Next): number[] {
  const most = pick(next, [1, 2, 4, 30, 200, 2000]);
  return Array.from({ length: 1 + next(20) }, () => 1 + next(most));
}

function options(next: Next, sound: boolean): EngineOptions {
  const limits =
    sound || next(2) === 0
      ? {}
      : {
          depth: 1 + next(5),
          elements: 1 + next(20),
          bulkBytes: 1 + next(500),
          lineBytes: 2 + next(60),
          bigNumberBytes: 1 + next(30),
          replyBytes: 1 + next(600),
        };
  return {
    replies: pick(next, ['string', 'string', 'bytes']),
    pushReplies: pick(next, ['string', 'bytes']),
    maps: pick(next, ['map', 'object', 'entries']),
    sets: pick(next, ['set', 'array']),
    verbatim: pick(next, ['verbatim', 'text']),
    attributes: pick(next, ['beside', 'wrap']),
    typed: next(4) === 0,
    limits,
  };
}

const CHARACTERS = [
  'a',
  'b',
  '0',
  '9',
  ' ',
  '\r',
  '\n',
  '$',
  ':',
  '\x80',
  '\xc3',
  '\xc3\xa9',
  '\xe2\x82\xac',
  '\xf0\x9f\x98\x80',
  '\xff',
];

function content(next: Next): string {
  const length = next(12) > 0 ? next(14) : pick(next, [30, 32, 33, 60, 200, 399, 401, 520, 1030]);
  const plain = next(3) > 0;
  let text = '';
  while (text.length < length)
    text += plain ? pick(next, ['a', 'b', 'key', '\r\n', '7']) : pick(next, CHARACTERS);
  return text;
}

const line = (next: Next): string => content(next).replace(/[\r\n]/g, '.');
const bulk = (type: string, text: string): string => `${type}${text.length}\r\n${text}\r\n`;

function digits(next: Next, most: number): string {
  return Array.from({ length: 1 + next(most) }, () => next(10)).join('');
}

function double(next: Next): string {
  const sign = pick(next, ['', '-', '+']);
  return (
    sign +
    pick(next, [
      () => digits(next, 17),
      () => `${digits(next, 17)}.${digits(next, 17)}`,
      () => `.${digits(next, 5)}`,
      () => `${digits(next, 5)}.`,
      () => `${digits(next, 3)}e${pick(next, ['', '-', '+'])}${digits(next, 3)}`,
      () => pick(next, ['inf', 'INF', 'nan', 'NaN', 'nan(ab_1)', 'nan()']),
    ])()
  );
}

function streamedString(next: Next): string {
  const pieces = Array.from({ length: next(4) }, () => content(next)).filter((piece) => piece !== '');
  return `$?\r\n${pieces.map((piece) => bulk(';', piece)).join('')};0\r\n`;
}

function scalar(next: Next): string {
  return pick(next, [
    () => '+OK\r\n',
    () => `+${line(next)}\r\n`,
    () => `-${line(next)}\r\n`,
    () => bulk('!', content(next)),
    () => `:${pick(next, ['', '-', '+'])}${digits(next, 18)}\r\n`,
    () =>
      `:${pick(next, ['9007199254740991', '9007199254740993', '-9223372036854775808', '9223372036854775807'])}\r\n`,
    () => bulk('$', content(next)),
    () => bulk('$', content(next)),
    () => bulk('$', content(next)),
    () => streamedString(next),
    () => pick(next, ['_\r\n', '$-1\r\n', '*-1\r\n', '#t\r\n', '#f\r\n']),
    () => `,${double(next)}\r\n`,
    () => `(${pick(next, ['', '-', '+'])}${digits(next, 40)}\r\n`,
    () => bulk('=', `${pick(next, ['txt', 'mkd', '\xc3\xa9 ', ':::'])}:${content(next)}`),
  ])();
}

function attributes(next: Next, depth: number): string {
  if (depth === 0 || next(8) > 0) return '';
  const count = next(3);
  const pairs = Array.from({ length: count * 2 }, () => element(next, depth - 1)).join('');
  return `|${count}\r\n${pairs}${attributes(next, depth)}`;
}

function element(next: Next, depth: number): string {
  return (next(12) === 0 ? push(next, depth) : '') + attributes(next, depth) + value(next, depth);
}

function push(next: Next, depth: number): string {
  const count = next(4);
  const type = pick(next, [
    '+message\r\n',
    '$10\r\ninvalidate\r\n',
    '=7\r\ntxt:abc\r\n',
    '$?\r\n;2\r\nab\r\n;0\r\n',
  ]);
  const data = Array.from({ length: count }, () => element(next, Math.max(0, depth - 1))).join('');
  return `${attributes(next, depth)}>${count + 1}\r\n${type}${data}`;
}

function value(next: Next, depth: number): string {
  if (depth === 0 || next(3) > 0) return scalar(next);
  const type = pick(next, ['*', '*', '~', '%']);
  const count = next(pick(next, [3, 6, depth === 1 && next(4) === 0 ? 40 : 4]));
  const elements = Array.from({ length: type === '%' ? count * 2 : count }, () =>
    element(next, depth - 1),
  ).join('');
  return next(4) === 0 ? `${type}?\r\n${elements}.\r\n` : `${type}${count}\r\n${elements}`;
}

function mutate(bytes: number[], next: Next): void {
  const at = next(bytes.length + 1);
  switch (next(7)) {
    case 0:
      bytes[Math.min(at, bytes.length - 1)] = next(256);
      break;
    case 1:
      bytes.splice(at, 1 + next(4));
      break;
    case 2:
      bytes.splice(at, 0, pick(next, [...'+-:$*_#,(!=~%>|;.?\r\n0123456789']).charCodeAt(0));
      break;
    case 3: {
      const from = next(bytes.length);
      bytes.splice(at, 0, ...bytes.slice(from, from + next(200)));
      break;
    }
    case 4:
      bytes.length = at;
      break;
    case 5:
      bytes.splice(
        at,
        0,
        ...Buffer.from(
          pick(next, ['\r\n', '*999999999\r\n', '$999999999\r\n', '|1\r\n', '*?\r\n', '.\r\n', ';0\r\n']),
        ),
      );
      break;
    default: {
      const digit = bytes.findIndex((byte, index) => index >= at && byte >= 0x30 && byte <= 0x39);
      if (digit !== -1) bytes[digit] = 0x30 + next(10);
    }
  }
  if (bytes.length === 0) bytes.push(0x2b);
}
