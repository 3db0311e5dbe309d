import { expect, it } from 'vitest';
import { checkNodeVersion } from './node-version.mjs';

it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('accepts %s', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

it.each(['18.20.0', '20.18.9', '16.0.0'])('refuses %s and says what to do', (version) => {
  expect(() => checkNodeVersion(version)).toThrow(/too old.*20\.19/);
});
