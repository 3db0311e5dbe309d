import type { Options } from 'tsup';

export function entriesOf(manifest: { exports: Record<string, unknown> }): Record<string, string>;
export function library(options?: Options): Options;
