import { expect, it } from 'vitest';
import { buildPage } from './build-page.js';

it('gives a page that needs nothing but itself', async () => {
  const { html, js, css } = await buildPage();
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses.filter((address) => !address?.startsWith('data:'))).toEqual(['/app.css', '/app.js']);
  expect(css).not.toMatch(/url\(|@import/);
  expect(js).not.toMatch(/https?:\/\/|\bimport\b[^;\n]*from/);
});

it('never writes HTML, or runs text', async () => {
  const { js } = await buildPage();
  expect(js).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
});
