/**
 * One row of the tables: a command, the length of its value and how many of it are under way at a time.
 *
 * @typedef {{ op: 'get' | 'set', size: number, inFlight: number }} Scenario
 */

export const operations = ['get', 'set'];

export const scenarioTitle = ({ op, size, inFlight }) =>
  `${op.toUpperCase()}, ${size >= 1024 && size % 1024 === 0 ? `${size / 1024} KiB` : `${size} B`}, ${inFlight} in flight`;

/** ASCII that does not repeat within a chunk, so that a reply glued together from two others is seen. */
export function textOf(size) {
  let text = '';
  for (let i = 0; text.length < size; i++) text += i.toString(36);
  return text.slice(0, size);
}

/** What is sent, and the text of the right reply. */
export function commandOf({ op, size }, prefix) {
  const key = `${prefix}:${op}:${size}`;
  const value = textOf(size);
  return op === 'get'
    ? { op, key, args: ['GET', key], reply: value, encodedReply: `$${size}\r\n${value}\r\n` }
    : { op, key, value, args: ['SET', key, value], reply: 'OK', encodedReply: '+OK\r\n' };
}

/** All of these are ASCII. */
export function encode(args) {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}
