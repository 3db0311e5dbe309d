import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { readTarball, type Tarball } from '../src/tarball.js';

/** A folder that goes when the test ends. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-packed-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const conditions = {
  import: { types: './dist/index.d.ts', default: './dist/index.js' },
  require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
};

export const goodManifest = {
  name: '@redlane/sample',
  version: '0.1.0',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.19' },
  main: './dist/index.cjs',
  types: './dist/index.d.cts',
  exports: { '.': conditions, './package.json': './package.json' } as Record<string, unknown>,
  files: ['dist'],
};

const declarations = 'declare const answer: number;\n\nexport { answer };\n';

export const goodFiles: Readonly<Record<string, string>> = {
  'README.md': '# Sample\n',
  LICENSE: 'MIT\n',
  'dist/index.js': 'const answer = 42;\nexport { answer };\n',
  'dist/index.cjs': "Object.defineProperty(exports, '__esModule', { value: true });\nexports.answer = 42;\n",
  'dist/index.d.ts': declarations,
  'dist/index.d.cts': declarations,
};

/** A packed package with nothing wrong, but for what is changed; a file that is `undefined` is left out. */
export function packed({
  manifest = {},
  files = {},
}: {
  manifest?: Readonly<Record<string, unknown>>;
  files?: Readonly<Record<string, string | undefined>>;
} = {}): Tarball {
  const all = { 'package.json': JSON.stringify({ ...goodManifest, ...manifest }), ...goodFiles, ...files };
  const blocks = Object.entries(all).flatMap(([path, text]) =>
    text === undefined ? [] : [tarEntry(`package/${path}`, text)],
  );
  return readTarball(new Uint8Array(gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))));
}

/** One file in the ustar format: a header of 512 bytes, then the contents in blocks of 512. */
function tarEntry(path: string, text: string): Buffer {
  const data = Buffer.from(text);
  const header = Buffer.alloc(512);
  const field = (offset: number, value: string): void => {
    header.write(value, offset, 'latin1');
  };
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  field(0, path);
  field(100, octal(0o644, 7));
  field(108, octal(0, 7));
  field(116, octal(0, 7));
  field(124, octal(data.length, 11));
  field(136, octal(0, 11));
  field(148, ' '.repeat(8));
  field(156, '0');
  field(257, 'ustar\x0000');
  field(
    148,
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
  );
  return Buffer.concat([header, data, Buffer.alloc(-data.length & 511)]);
}
