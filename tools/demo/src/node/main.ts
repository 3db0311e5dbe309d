import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RedisChannel } from '@redlane/channel';
import { toDriver } from '@redlane/client/driver';
import { OrderBook } from '../book/order-book.js';
import { runChild } from '../child-process.js';
import { openConnections } from '../connections.js';
import { readProcessConfig } from '../desk-config.js';
import type { Job } from '../job.js';
import { namesOf } from '../names.js';
import { Announcements } from './announcements.js';
import { Board } from './board.js';
import { Events } from './events.js';
import { createApi } from './http-api.js';
import { LiveFigures } from './live-figures.js';
import { type JobSender, OrderIntake } from './order-intake.js';
import { OrderNumbers } from './order-numbers.js';
import { Progress } from './progress.js';

await runChild(async (signal) => {
  const config = readProcessConfig();
  const { id: node, nodes } = config;
  const names = namesOf(config.run);
  const connections = openConnections(config);
  const { client, source } = connections;
  const driver = toDriver(source);

  const book = new OrderBook(driver, names);
  const numbers = new OrderNumbers(client, names.numbers);
  const events = new Events(source, names.events);
  const progress = new Progress(source, names.kitchen(node), node, events, signal);
  // To the channels of the others it only sends: orders of a node that has died in the middle of taking them in.
  const others = nodes
    .filter((other) => other !== node)
    .map((other) => ({
      other,
      channel: new RedisChannel<never, Job>(source, names.kitchen(other), 'client', { envelope: true }),
    }));
  const kitchens = new Map<string, JobSender>([
    [node, progress],
    ...others.map(({ other, channel }) => [other, channel] as const),
  ]);
  const intake = new OrderIntake({ source, names, node, book, numbers, events, kitchens });
  const announcements = await Announcements.open({ source, driver, names, events, signal });
  const board = new Board({ client, source, names, node, nodes, events });
  const figures = new LiveFigures(client, board, events, names.totals);

  const api = createApi({ intake, events, announcements, board, signal });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');

  return {
    port: (api.address() as AddressInfo).port,
    running: [progress.ended],
    onMessage(message) {
      if (message.type === 'roster') board.roster = message.roster;
      else void events.fault(message.report, signal).catch(() => undefined);
    },
    async stop() {
      api.close();
      const first = [figures, events, intake, progress, announcements, board, numbers];
      await Promise.allSettled(first.map((part) => part[Symbol.asyncDispose]()));
      await Promise.allSettled(others.map(({ channel }) => channel.close()));
      api.closeAllConnections();
      await driver.close();
      await connections[Symbol.asyncDispose]();
    },
  };
});
