import { expect, it } from 'vitest';
import { addressAfterNat } from './nat-map.js';

const outside = { host: 'gateway', port: 7001 };

it.each([{ '10.0.0.1:6379': outside }, (address: string) => (address === '10.0.0.1:6379' ? outside : null)])(
  'translates what a map or a function knows',
  (natMap) => {
    expect(addressAfterNat(natMap, '10.0.0.1:6379')).toBe('gateway:7001');
    expect(addressAfterNat(natMap, '10.0.0.2:6379')).toBe('10.0.0.2:6379');
  },
);

it('leaves addresses as they are without one', () => {
  expect(addressAfterNat(undefined, '10.0.0.1:6379')).toBe('10.0.0.1:6379');
});
