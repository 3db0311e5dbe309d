import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { type Certificates, createCertificates } from '@redlane/redis-server';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { ClientOptions } from '../src/client-options.js';
import { resolveOptions } from '../src/options.js';
import { dial } from '../src/socket.js';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The name that a client asked a TLS server for, when it connects with `options`. */
async function nameAskedFor(
  where: { host: string } | { path: string },
  options: ClientOptions,
): Promise<unknown> {
  const server = createServer(certificates.server);
  const accepted = new Promise<TLSSocket>((resolve) => server.once('secureConnection', resolve));
  await new Promise<void>((resolve) =>
    server.listen('path' in where ? where : { port: 0, ...where }, resolve),
  );
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? { port: address.port } : {};
  const tls = { ca: certificates.ca, ...(options.tls as object) };
  const socket = await dial(resolveOptions({ ...port, ...options, tls }));
  cleanups.push(() => socket.destroy());
  const { servername } = (await accepted) as TLSSocket & { servername: unknown };
  return servername;
}

it('asks for the name that it connects to, and for none by an address', async () => {
  expect(await nameAskedFor({ host: '127.0.0.1' }, { host: 'localhost' })).toBe('localhost');
  expect(await nameAskedFor({ host: '127.0.0.1' }, { host: '127.0.0.1' })).toBe(false);
});

it('asks for the name that it is told', async () => {
  const tls = { servername: 'localhost' };
  expect(await nameAskedFor({ host: '127.0.0.1' }, { host: '127.0.0.1', tls })).toBe('localhost');
});

it('speaks TLS over a unix socket', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dial-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const place = path.join(folder, 's');
  expect(await nameAskedFor({ path: place }, { path: place })).toBe('localhost');
});
