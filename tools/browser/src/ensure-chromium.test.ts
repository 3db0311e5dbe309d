import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureChromium } from './ensure-chromium.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'redlane-browser-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(name: string, mode = 0o755): string {
  const file = path.join(folder, name);
  writeFileSync(file, '');
  chmodSync(file, mode);
  return file;
}

it('takes the program that CHROMIUM names', async () => {
  const file = program('my-browser');
  expect(await ensureChromium({ CHROMIUM: file, PATH: '' })).toEqual({ path: file });
});

it('says what is wrong with CHROMIUM, and installs nothing then', async () => {
  const file = path.join(folder, 'none-there');
  expect(await ensureChromium({ CHROMIUM: file })).toEqual({
    reason: `CHROMIUM names no program: ${file}`,
  });
});

it('does without when CHROMIUM is "none", whatever is on PATH', async () => {
  program('chromium');
  expect(await ensureChromium({ CHROMIUM: 'none', PATH: folder })).toEqual({ reason: 'CHROMIUM=none' });
});

it('looks on PATH, for the names in their order', async () => {
  program('google-chrome');
  const file = program('chromium-browser');
  expect(await ensureChromium({ PATH: folder })).toEqual({ path: file });
});
