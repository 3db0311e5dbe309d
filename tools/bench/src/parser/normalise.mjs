/**
 * Brings what different decoders return for the same reply to one form: bytes become text, maps lists of pairs, sets lists,
 * pushes lists that start with a mark.
 */
export function normalise(value) {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString();
  if (Array.isArray(value)) return value.map(normalise);
  if (value instanceof Set) return [...value].map(normalise);
  if (value instanceof Map) return [...value].map(normalise);
  if (value instanceof Error) return `error ${value.message}`;
  if (value instanceof String) return value.valueOf();
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(normalise);
  return value;
}

export function normalisePush(push) {
  const elements = Array.isArray(push) ? push : [push.pushType, ...push.data];
  return ['push', ...normalise(elements)];
}

/**
 * Where two normalised values first differ, `undefined` when they do not.
 *
 * @param {(a: number, b: number) => boolean} sameNumber
 */
export function difference(actual, expected, sameNumber, path = '') {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length)
      return `${path}: ${actual.length} elements instead of ${expected.length}`;
    for (let i = 0; i < actual.length; i++) {
      const found = difference(actual[i], expected[i], sameNumber, `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof actual === 'number' && typeof expected === 'number' && sameNumber(actual, expected))
    return undefined;
  return Object.is(actual, expected)
    ? undefined
    : `${path}: ${excerpt(actual)} instead of ${excerpt(expected)}`;
}

function excerpt(value) {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
