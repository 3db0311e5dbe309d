import { describe, expect, it } from 'vitest';
import { packed, scratchFolder } from '../test/packed.js';
import { reportApis } from './api-report.js';
import { install } from './tarball.js';

function report(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  const tarball = packed({ files });
  install([tarball], folder);
  const [first] = reportApis([tarball], folder);
  return first!.text;
}

const errors = `/** A comment. */
declare class Failure extends Error { readonly code: Code; }
type Code = 'A' | 'B';
interface Options { inner: true }
declare function fail(options: Options): Failure;
export { type Code as C, Failure as F, fail as f };
`;

const entry = (chunk: string): string => `import { F as Failure, C as Code, f as fail } from './${chunk}.js';
import { Socket } from 'node:net';
import { Other as Another } from '@redlane/other';
/** Another comment. */
interface Options { socket: Socket; codes: Code[]; another: Another }
declare const options: Options;
export { Failure, fail, options as settings };
export { Third } from '@redlane/third';
`;

describe('an API report', () => {
  const chunked = (): string =>
    report({ 'dist/index.d.ts': entry('errors-AbC123'), 'dist/errors-AbC123.d.ts': errors });

  it('holds everything that is exported or named, once and sorted', () => {
    expect(chunked()).toBe(`// The API of @redlane/sample, written by "pnpm api:update".
import { Other as Another } from '@redlane/other';
import { Socket } from 'node:net';
import { Third } from '@redlane/third';
type Code = 'A' | 'B';
declare class Failure extends Error {
    readonly code: Code;
}
interface Options {
    inner: true;
}
interface Options_1 {
    socket: Socket;
    codes: Code[];
    another: Another;
}
declare function fail(options: Options): Failure;
declare const options: Options_1;
export {
  Failure,
  Third,
  fail,
  options as settings,
};
`);
  });

  it('does not show the names of chunks', () => {
    expect(report({ 'dist/index.d.ts': entry('errors-XyZ789'), 'dist/errors-XyZ789.d.ts': errors })).toBe(
      chunked(),
    );
  });

  it('shows a change of an internal type that the API names', () => {
    const changed = errors.replace("'A' | 'B'", "'A' | 'C'");
    const text = report({ 'dist/index.d.ts': entry('errors'), 'dist/errors.d.ts': changed });
    expect(text).toBe(chunked().replace("'A' | 'B'", "'A' | 'C'"));
  });
});
