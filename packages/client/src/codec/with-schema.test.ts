import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { bytes, type Codec, DecodeError, json, type StandardSchema, withSchema } from './index.js';

const order = z.object({ id: z.number().int(), when: z.string().transform((iso) => new Date(iso)) });

describe('withSchema', () => {
  it('checks both ways, and gives what the schema makes of it', () => {
    const codec = withSchema(json(), order);
    expectTypeOf(codec).toEqualTypeOf<Codec<{ id: number; when: string }, { id: number; when: Date }>>();
    const sent = codec.encode({ id: 1, when: '2020-01-01T00:00:00.000Z' });
    expect(sent).toBe('{"id":1,"when":"2020-01-01T00:00:00.000Z"}');
    expect(codec.decode(sent as string)).toEqual({ id: 1, when: new Date('2020-01-01') });
    expect(codec.replies).toBe('bytes');
  });

  it('says what is wrong, and keeps the bytes', () => {
    const codec = withSchema(json(), order);
    const raw = Buffer.from('{"id":"secret","when":"2020"}');
    let thrown: unknown;
    try {
      void codec.decode(raw);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'DecodeError', code: 'DECODE_FAILED' });
    const { raw: kept, issues, message } = thrown as DecodeError;
    expect(kept).toBe(raw);
    expect(issues?.[0]?.path).toEqual(['id']);
    expect(message).toContain('id: ');
    expect(() => codec.encode({ id: 1.5, when: '2020' })).toThrow(
      expect.objectContaining({ code: 'ENCODE_FAILED', issues: expect.any(Array) }),
    );
    expect(() => codec.decode('no json')).toThrow(expect.objectContaining({ code: 'DECODE_FAILED' }));
  });

  it('waits for schemas that take their time', async () => {
    const known = z.string().refine(async (name) => Promise.resolve(name === 'known'));
    const codec = withSchema(json(), asynchronous(known));
    expect(await codec.decode('"known"')).toBe('known');
    expect(await codec.encode('known')).toBe('"known"');
    await expect(codec.decode('"other"')).rejects.toBeInstanceOf(DecodeError);
    await expect(codec.encode('other')).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  });

  it('goes around any codec, also one that has a schema', () => {
    const short = z.instanceof(Uint8Array).refine(({ length }) => length < 3);
    const codec = withSchema(withSchema(bytes, z.instanceof(Uint8Array)), short);
    expect(codec.decode(new Uint8Array(2))).toEqual(new Uint8Array(2));
    expect(() => codec.decode(new Uint8Array(3))).toThrow(DecodeError);
  });

  it.each([undefined, null, {}, { '~standard': { version: 2, validate: () => ({ value: 1 }) } }])(
    'refuses what is no schema: %j',
    (schema) => {
      expect(() => withSchema(json(), schema as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', option: 'schema' }),
      );
    },
  );
});

/** A schema whose answers are always promises. */
function asynchronous<Input, Output>(schema: StandardSchema<Input, Output>): StandardSchema<Input, Output> {
  const { validate, vendor } = schema['~standard'];
  return { '~standard': { version: 1, vendor, validate: async (value) => validate(value) } };
}
