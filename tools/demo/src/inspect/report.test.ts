import { expect, it } from 'vitest';
import type { Inspection } from './inspect.js';
import { formatInspection } from './report.js';

const end = {
  waiting: 0,
  returned: 0,
  inProcess: 0,
  deadLetters: 0,
  oldestAgeMs: null,
  consumers: [],
};

const inspection: Inspection = {
  at: '2030-01-01T00:00:00.000Z',
  channels: [
    {
      ...end,
      channel: '/orders',
      to: 'server',
      waiting: 12,
      inProcess: 3,
      oldestAgeMs: 1_500,
      consumers: [
        {
          id: 'w1',
          inProcess: 3,
          aliveForMs: 18_000,
          pending: [{ deliveries: 2, text: '{"n":1}\n\x1b[2J' }],
        },
        { id: 'w2', inProcess: 0, aliveForMs: -240_000, pending: [] },
      ],
    },
    { ...end, channel: '/a/rather/long/name', to: 'client', deadLetters: 1 },
  ],
  sse: [
    {
      channel: 'desk',
      listeners: [
        { id: 'one', createdAt: '', isPresent: false, position: null },
        { id: 'two', createdAt: '', isPresent: true, position: 'e.7' },
      ],
      unreadable: ['three'],
    },
  ],
  subscriptions: { channels: [{ channel: 'news', subscribers: 2 }], patterns: 1, shardChannels: null },
};

it('is a text with tables, in which nothing moves the cursor', () => {
  expect(
    formatInspection(inspection, 'redis://localhost:1'),
  ).toBe(`redis://localhost:1, 2030-01-01T00:00:00.000Z

Channels
  channel              to      waiting  returned  in process  dead  receivers  oldest
  /orders              server       12         0           3     0          2  1.5 s
  /a/rather/long/name  client        0         0           0     1          0  -

Receivers
  /orders to server, w1: 3 pending, counts as alive for 18.0 s
    {"n":1}\\u{a}\\u{1b}[2J (delivery 2)
    … 2 more
  /orders to server, w2: 0 pending, dead for 4 min

SSE channels
  desk: 2 listeners, 1 present
    listener  state    position
    two       present  e.7
    one       away     -
    1 cannot be read: three

Subscriptions
  topic  kind     subscribers
  news   channel            2
  1 pattern
`);
});

it('says so where there is nothing', () => {
  const nothing: Inspection = {
    at: '',
    channels: [],
    sse: [],
    subscriptions: { channels: [], patterns: 0, shardChannels: [] },
  };
  expect(formatInspection(nothing, '').match(/^ {2}none$/gm)).toHaveLength(3);
});
