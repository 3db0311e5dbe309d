/** The value of digits that may not fit a double exactly: a `number` when it is safe, else a `bigint`. */
export function exactInteger(text: string): number | bigint {
  const value = Number(text);
  // -0 must not leak out of ":-0".
  return Number.isSafeInteger(value) ? value + 0 : BigInt(text);
}

/** The value of a double's text, whose grammar has been checked. */
export function doubleOf(text: string): number {
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  const unsigned = text.replace(/^[+-]/, '').toLowerCase();
  if (unsigned === 'inf') return text.startsWith('-') ? -Infinity : Infinity;
  return Number.NaN;
}
