/** The few tags of ASN.1 that an X.509 certificate needs. */
const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
} as const;

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value]);
  const bytes = bigEndian(BigInt(value));
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function bigEndian(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** Distinguished encoding, as far as {@link createCertificates} needs it. */
export const der = {
  boolean: (value: boolean): Buffer => element(tags.boolean, Buffer.from([value ? 0xff : 0])),
  /** Not negative. */
  integer(value: bigint): Buffer {
    const bytes = bigEndian(value);
    return element(tags.integer, bytes[0]! < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
  },
  bitString: (content: Uint8Array, unusedBits = 0): Buffer =>
    element(tags.bitString, Buffer.concat([Buffer.from([unusedBits]), content])),
  octetString: (content: Uint8Array): Buffer => element(tags.octetString, content),
  oid(dotted: string): Buffer {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return element(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  utf8String: (text: string): Buffer => element(tags.utf8String, Buffer.from(text)),
  /** RFC 5280 wants UTCTime before 2050 and GeneralizedTime from then on. */
  time(date: Date): Buffer {
    const digits = date.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
    return date.getUTCFullYear() < 2050
      ? element(0x17, Buffer.from(digits.slice(2)))
      : element(0x18, Buffer.from(digits));
  },
  sequence: (...parts: Uint8Array[]): Buffer => element(tags.sequence, Buffer.concat(parts)),
  set: (...parts: Uint8Array[]): Buffer => element(tags.set, Buffer.concat(parts)),
  /** `[tag]`: around other elements when constructed, around bare content when not. */
  tagged: (tag: number, content: Uint8Array, constructed: boolean): Buffer =>
    element((constructed ? 0xa0 : 0x80) | tag, content),
};

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
