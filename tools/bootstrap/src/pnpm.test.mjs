import { expect, it } from 'vitest';
import { explainInstallFailure } from './pnpm.mjs';

it.each([
  ['npm error code EAI_AGAIN', /registry/],
  [' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', /lockfile|pnpm-lock/],
  ['ENOSPC: no space left on device', /disk is full/],
  ['something else', /something else/],
])('%s', (output, message) => {
  expect(explainInstallFailure(output).message).toMatch(message);
});
