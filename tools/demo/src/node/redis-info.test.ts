import { expect, it } from 'vitest';
import { parseInfo } from './redis-info.js';

it('finds its lines', () => {
  const info = '# Server\r\nredis_version:7.2.4\r\nused_memory_human:1.5M\r\nconnected_clients:12\r\n';
  expect(parseInfo(info)).toEqual({ version: '7.2.4', memory: '1.5M', clients: 12 });
});

it('prefers the version of Valkey, which also tells one of Redis', () => {
  expect(parseInfo('redis_version:7.2.4\r\nvalkey_version:8.1.0\r\n').version).toBe('8.1.0');
});

it('does without what is not told', () => {
  expect(parseInfo('')).toEqual({ version: 'unknown', memory: 'unknown', clients: 0 });
});
