import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Desk } from '../supervisor/desk.js';
import { runCheck } from './run-check.js';

it('ends by its signal also when no listener gets a stream', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const desk = { url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` } as Desk;
  const interrupt = new AbortController();
  const checked = runCheck(desk, { orders: 20, signal: interrupt.signal, say: () => undefined });
  await once(silent, 'request');
  interrupt.abort(new Error('enough'));
  await expect(checked).rejects.toThrow('enough');
  silent.closeAllConnections();
  silent.close();
});
