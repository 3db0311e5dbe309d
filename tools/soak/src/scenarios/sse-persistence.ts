import { setTimeout as sleep } from 'node:timers/promises';
import { Message, SSEChannel } from '@redlane/sse-persistence';
import { eventually, Loops } from '../loops.js';
import type { Scenario, SoakContext } from '../scenario.js';
import type { Way } from '../way.js';
import { HttpNode } from './http-node.js';
import { type SseEvent, SseReader } from './sse-reader.js';

const NODES = 2;
const LISTENERS = ['ann', 'bob', 'eve', 'joe'];

/**
 * Listeners over HTTP that come back with the id of their last event, at either of two nodes: each gets all events for
 * everybody and its own, once and in order. A `reset` is a fault here, since Redis keeps all that is sent.
 */
export const ssePersistence: Scenario = {
  name: 'sse-persistence',
  async start(context) {
    const { random, problem, patienceMs } = context;
    const ways = Array.from({ length: NODES }, () => context.open());
    const channels = ways.map((way) => channelOver(way));
    const nodes = await Promise.all(channels.map((channel) => HttpNode.start(channel)));
    const sending = new Loops();
    const listening = new Loops();
    const sent = new Map(['all', ...LISTENERS].map((target) => [target, 0]));
    const seen = { connections: 0, resets: 0 };
    const somewhere = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

    const listeners = LISTENERS.map((name) => new Listener(context, name));
    for (const listener of listeners) {
      const visit = async (leaves: AbortSignal): Promise<void> => {
        seen.connections++;
        await new SseReader((event) => listener.take(event, seen)).read(
          `${somewhere(nodes).url}/?listener=${listener.name}`,
          listener.lastEventId,
          leaves,
        );
      };
      // Their position is that of the first event only when they have been there before.
      await eventually(
        async () => {
          await visit(AbortSignal.timeout(500));
          return listener.lastEventId !== undefined;
        },
        `${listener.name} is received`,
        patienceMs,
      );
      listening.run(async () => {
        await visit(AbortSignal.timeout(200 + Math.floor(random() * 3_000)));
        await sleep(random() * 50);
      }, context.failed);
    }

    for (const target of sent.keys()) {
      sending.run(
        async () => {
          const number = sent.get(target) as number;
          const message = new Message(target, number);
          const options = { idempotencyKey: `${target}:${number}` };
          const channel = somewhere(channels);
          // The same message, if it was sent the last time already.
          await (target === 'all'
            ? channel.broadcast(message, options)
            : channel.dispatch(target, message, options));
          sent.set(target, number + 1);
          await sleep(random() * (target === 'all' ? 20 : 60));
        },
        (error) => context.failed(error, 'REPOSITORY_ERROR'),
      );
    }

    return {
      progress: () => listeners.reduce((sum, { events }) => sum + events, 0),
      stop: async () => {
        await sending.end();
        await Promise.all(
          listeners.map((listener) =>
            eventually(
              () => ['all', listener.name].every((kind) => listener.next(kind) >= (sent.get(kind) as number)),
              'all is received',
              patienceMs,
            ).catch(() =>
              problem(
                `${listener.name} got ${listener.next('all')} of ${sent.get('all')} events for all, and ` +
                  `${listener.next(listener.name)} of ${sent.get(listener.name)} of its own`,
              ),
            ),
          ),
        );
        await listening.end();
        await Promise.all(nodes.map((node) => node.stop()));
        await Promise.all(channels.map((channel) => channel.close()));
        await Promise.all(ways.map((way) => way.close()));
        const total = [...sent.values()].reduce((sum, count) => sum + count, 0);
        return { sent: total, events: listeners.reduce((sum, { events }) => sum + events, 0), ...seen };
      },
    };
  },
};

function channelOver(way: Way): SSEChannel {
  return new SSEChannel({
    channelId: 'soak',
    driver: way.driver,
    sessions: { retryMs: 10, refusalRetryMs: 50, openTimeoutMs: 2_000, heartbeatMs: 1_000 },
    repository: {
      log: { checkMs: 500, history: { size: 200_000 }, inbox: { size: 10_000 } },
    },
  });
}

/** Somebody who counts what comes for all and for them. */
class Listener {
  readonly name: string;
  lastEventId: string | undefined;
  events = 0;
  readonly #next: Map<string, number> = new Map();
  readonly #hear: (kind: string, number: number) => void;
  readonly #problem: (text: string) => void;

  constructor({ tamper, problem }: SoakContext, name: string) {
    this.name = name;
    this.#problem = problem;
    this.#hear = tamper.heard((kind, number) => {
      const next = this.next(kind);
      if (kind !== 'all' && kind !== name) problem(`${name} got an event for ${kind}`);
      if (number !== next) problem(`${name} got event ${number} for ${kind} instead of ${next}`);
      this.events++;
      this.#next.set(kind, number + 1);
    });
  }

  /** The number that has to come. */
  next(kind: string): number {
    return this.#next.get(kind) ?? 0;
  }

  take({ id, type, data }: SseEvent, counts: { resets: number }): void {
    if (id !== '') this.lastEventId = id;
    if (type === 'reset') {
      counts.resets++;
      this.#problem(`${this.name} got a reset: ${data}`);
    } else if (data !== undefined && type !== 'taken-over') this.#hear(type, Number(data));
  }
}
