import { toDriver } from '@redlane/client/driver';
import { OrderBook } from '../book/order-book.js';
import { runChild } from '../child-process.js';
import { openConnections } from '../connections.js';
import { readProcessConfig } from '../desk-config.js';
import { namesOf } from '../names.js';
import { isPassing } from '../persevere.js';
import { Counter } from './counter.js';
import { Kitchen } from './kitchen.js';

await runChild(async (signal) => {
  const config = readProcessConfig();
  const { id, run, nodes, stepMs } = config;
  const names = namesOf(run);
  const connections = openConnections(config);
  const driver = toDriver(connections.source);
  const book = new OrderBook(driver, names);

  let mayLose = config.losesOne;
  const loses = (): boolean => {
    const isLost = mayLose;
    mayLose = false;
    return isLost;
  };
  const onError = (error: unknown): void => {
    // What connections are the reason for is tried again, or comes back.
    if (!signal.aborted && !isPassing(error)) console.error(`${id}:`, error);
  };
  const served = { id, signal, onError };
  const services = [
    new Counter(connections.source, names, book, served),
    ...nodes.map(
      (node) => new Kitchen(connections.source, names.kitchen(node), book, { ...served, stepMs, loses }),
    ),
  ];
  return {
    running: services.map(({ ended }) => ended),
    async stop() {
      await Promise.all(services.map((service) => service[Symbol.asyncDispose]()));
      await driver.close();
      await connections[Symbol.asyncDispose]();
    },
  };
});
