// The bytes of RESP. A table of these would be looked up in every reply; constants are compiled in.
export const CR = 0x0d;
export const LF = 0x0a;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const COLON = 0x3a;
export const DOLLAR = 0x24;
export const STAR = 0x2a;
export const UNDERSCORE = 0x5f;
export const HASH = 0x23;
export const COMMA = 0x2c;
export const PAREN = 0x28;
export const BANG = 0x21;
export const EQUALS = 0x3d;
export const TILDE = 0x7e;
export const PERCENT = 0x25;
export const GREATER = 0x3e;
export const BAR = 0x7c;
export const SEMICOLON = 0x3b;
export const DOT = 0x2e;
export const QUESTION = 0x3f;

const types = new Set(Array.from('+-:$*_#,(!=~%>|;.', (type) => type.charCodeAt(0)));

/** True for the first byte of a value, or of a part of a streamed one. */
export function isType(byte: number): boolean {
  return types.has(byte);
}
