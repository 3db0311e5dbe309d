const MOST_BYTES = 32;

/** The last bytes of a header up to the one that is wrong, printable. */
export function excerptOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = Math.max(start, end - MOST_BYTES); at < Math.min(end, bytes.length); at++) {
    const byte = bytes[at] as number;
    if (byte === 0x0d) text += '\\r';
    else if (byte === 0x0a) text += '\\n';
    else if (byte < 0x20 || byte > 0x7e) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}
