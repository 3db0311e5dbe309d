/** One thing that is wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A schema of any library that follows Standard Schema v1: zod, valibot, ArkType, … */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type Types<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>;

/** What a schema takes. */
export type SchemaInput<Schema extends StandardSchema> = Types<Schema>['input'];
/** What a schema gives. */
export type SchemaOutput<Schema extends StandardSchema> = Types<Schema>['output'];
