import { InvalidOptionError } from '../errors.js';
import type { Codec, Encoded } from './codec.js';
import { DecodeError, EncodeError } from './codec-errors.js';
import type {
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
} from './standard-schema.js';

/** How much of a schema's own words stands in a message. */
const MESSAGE_LENGTH = 200;

/**
 * A codec whose values a schema has checked: before they are encoded, which sends them as they are, and after they were
 * decoded, which gives what the schema makes of them. It is asynchronous only as far as codec or schema are.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for a schema that does not follow Standard Schema v1
 * @example
 * const codec = withSchema(json(), z.object({ id: z.number() }));
 */
export function withSchema<Schema extends StandardSchema>(
  codec: Codec<never, unknown>,
  schema: Schema,
): Codec<SchemaInput<Schema>, SchemaOutput<Schema>> {
  const standard: Partial<StandardSchema['~standard']> | undefined = schema?.['~standard'];
  const { validate } = standard ?? {};
  if (standard?.version !== 1 || validate === undefined) {
    throw new InvalidOptionError(
      'schema',
      'must follow Standard Schema v1, as those of zod, valibot and ArkType do',
    );
  }
  const accept = (value: unknown): SchemaInput<Schema> | Promise<SchemaInput<Schema>> =>
    after(validate(value), ({ issues }) => {
      if (issues !== undefined) throw new EncodeError(problemOf(issues), { issues });
      return value as SchemaInput<Schema>;
    });
  return Object.freeze<Codec<SchemaInput<Schema>, SchemaOutput<Schema>>>({
    replies: codec.replies,
    encode: (value) => after(accept(value), (valid) => codec.encode(valid as never)),
    decode: (raw) =>
      after(codec.decode(raw), (value) => after(validate(value), (result) => outputOf<Schema>(raw, result))),
  });
}

function outputOf<Schema extends StandardSchema>(
  raw: Encoded,
  result: SchemaResult<unknown>,
): SchemaOutput<Schema> {
  if (result.issues !== undefined) {
    throw new DecodeError(raw, problemOf(result.issues), { issues: result.issues });
  }
  return result.value as SchemaOutput<Schema>;
}

function after<Value, Next>(
  value: Value | Promise<Value>,
  next: (value: Value) => Next | Promise<Next>,
): Next | Promise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function problemOf(issues: readonly SchemaIssue[]): string {
  const [first, ...others] = issues;
  if (first === undefined) return 'the schema refuses it';
  const path = (first.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  const message = first.message.slice(0, MESSAGE_LENGTH);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${path === '' ? '' : `${path}: `}${message}${more}`;
}
