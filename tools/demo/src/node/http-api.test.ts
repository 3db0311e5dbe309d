import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type ApiParts, createApi } from './http-api.js';

it.each(['/nowhere', '//', '/api/orders?a=%', 'http://[', '*'])('answers a request for %s', async (path) => {
  const api = createApi({ signal: new AbortController().signal } as ApiParts).listen(0, '127.0.0.1');
  await once(api, 'listening');
  try {
    const { port } = api.address() as AddressInfo;
    const asked = request({ host: '127.0.0.1', port, path, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(404);
  } finally {
    api.closeAllConnections();
    api.close();
  }
});
