import { InvalidOptionError } from './errors.js';
import { type Check, record } from './option-checks.js';

/** Each option's default, and what makes sure that a value is one. */
export type Schema<Settings> = {
  readonly [Name in keyof Settings]-?: readonly [fallback: Settings[Name], Check];
};

/** Options as a user gives them: what is left out, or `undefined`, has its default. */
export type Given<Settings> = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/**
 * Every option with its value, frozen.
 *
 * @throws {@link InvalidOptionError} naming the option, also for one that is not in the schema
 */
export function resolve<Settings>(schema: Schema<Settings>, given: object, prefix = ''): Readonly<Settings> {
  const values = given as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) if (!Object.hasOwn(schema, name)) refuseName(schema, name, prefix);
  const resolved: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(schema)) {
    const [fallback, check] = entry as Schema<Record<string, unknown>>[string];
    resolved[name] = values[name] === undefined ? fallback : check(values[name], prefix + name);
  }
  return Object.freeze(resolved) as Readonly<Settings>;
}

/** A group of options as one option. */
export function group<Settings>(schema: Schema<Settings>): Check {
  return (value, option) => resolve(schema, record(value, option) as object, `${option}.`);
}

function refuseName(schema: object, name: string, prefix: string): never {
  const wanted = name.toLowerCase();
  const close = Object.keys(schema).find((known) => [wanted, `${wanted}ms`].includes(known.toLowerCase()));
  throw new InvalidOptionError(
    prefix + name,
    close === undefined ? 'is not an option' : `is not an option; did you mean ${prefix}${close}?`,
  );
}
