import { describe, expect, it } from 'vitest';
import { bytes, text } from './index.js';

describe('text', () => {
  it('is strings', () => {
    expect(text.decode(text.encode('ü\u0000'))).toBe('ü\u0000');
    expect(text.decode(Buffer.from('ü'))).toBe('ü');
  });

  it('refuses what would become another text', () => {
    expect(() => text.decode(new Uint8Array([0x61, 0xff]))).toThrow(
      expect.objectContaining({ code: 'DECODE_FAILED', raw: new Uint8Array([0x61, 0xff]) }),
    );
    expect(() => text.encode('\ud800')).toThrow(expect.objectContaining({ code: 'ENCODE_FAILED' }));
    expect(() => text.encode(1 as never)).toThrow(expect.objectContaining({ code: 'ENCODE_FAILED' }));
  });
});

describe('bytes', () => {
  it('are left as they are', () => {
    const raw = new Uint8Array([0, 255]);
    expect(bytes.encode(raw)).toBe(raw);
    expect(bytes.decode(raw)).toBe(raw);
    expect(bytes.decode('ü')).toEqual(Buffer.from('ü'));
    expect(() => bytes.encode('x' as never)).toThrow(expect.objectContaining({ code: 'ENCODE_FAILED' }));
  });
});
