const ZERO = 0x30;

/** Room for a type byte, the digits of a safe integer and CRLF. */
export const HEADER_ROOM = 20;

/** Number of decimal digits of a non-negative safe integer. */
export function digitCount(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  return digits;
}

/** Writes the digits of a non-negative safe integer; returns the offset behind them. */
export function writeDigits(target: Uint8Array, value: number, at: number): number {
  if (value < 10) {
    target[at] = ZERO + value;
    return at + 1;
  }
  if (value < 100) {
    const tens = (value / 10) | 0;
    target[at] = ZERO + tens;
    target[at + 1] = ZERO + (value - tens * 10);
    return at + 2;
  }
  const end = at + digitCount(value);
  let rest = value;
  for (let i = end - 1; i >= at; i--) {
    const next = rest < 0x7fffffff ? (rest / 10) | 0 : Math.floor(rest / 10);
    target[i] = ZERO + (rest - next * 10);
    rest = next;
  }
  return end;
}

/** Writes CRLF; returns the offset behind it. */
export function writeCrlf(target: Uint8Array, at: number): number {
  target[at] = 0x0d;
  target[at + 1] = 0x0a;
  return at + 2;
}

/** Writes a type byte, a length and CRLF; returns the offset behind it. */
export function writeHeader(target: Uint8Array, type: number, length: number, at: number): number {
  target[at] = type;
  return writeCrlf(target, writeDigits(target, length, at + 1));
}
