import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerParent } from '../client/answer-parent.mjs';
import { contenderOf } from './contenders.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** A contender's server in a process of its own; does what the parent asks for, one thing at a time. */
let broadcaster;
let server;
let from;

answerParent({
  async connect({ id, target }) {
    broadcaster = await contenderOf(id).open(target);
    server = createServer(broadcaster.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { isPresent: true };
  },

  port: () => server.address().port,

  /** Bytes that are in use after everything else was thrown away. */
  async memory() {
    // What one collection lets go of, another one may find.
    for (let i = 0; i < 4; i++) {
      collect();
      await turn();
    }
    const { heapUsed, rss } = process.memoryUsage();
    return { heap: heapUsed, rss };
  },

  /**
   * Broadcasts so many events, some at a time in a turn of the event loop; the next when these have been taken, and not before
   * `everyMs` are over.
   */
  async broadcast({ events, together, everyMs }) {
    from = counters();
    let next = performance.now();
    for (let sent = 0; sent < events; sent += together) {
      await Promise.all(Array.from({ length: together }, () => broadcaster.broadcast()));
      await turn();
      next += everyMs;
      const early = next - performance.now();
      if (early > 0) await delay(early);
    }
    return {};
  },

  /** What was used since the first of them. */
  used() {
    const to = counters();
    return { us: to.us - from.us, cpuUs: to.cpuUs - from.cpuUs };
  },

  async close() {
    server.closeAllConnections();
    server.close();
    await broadcaster.close();
    return {};
  },
});

function counters() {
  const { user, system } = process.cpuUsage();
  return { us: performance.now() * 1000, cpuUs: user + system };
}
