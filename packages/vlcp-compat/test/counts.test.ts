import { type RedisServer, startServer } from '@redlane/redis-server';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RedisClient, SubscriptionMatcher } from '../src/index.js';
import { open } from './support/open.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const NAMES = ['a', 'b', 'a*'];

/** What VLCP's documents say of counts. */
class Model {
  readonly counts: Map<string, number> = new Map();
  readonly bare: Set<string> = new Set();

  up(id: string): void {
    this.counts.set(id, this.count(id) + 1);
  }

  down(id: string): void {
    if (this.count(id) > 0) this.counts.set(id, this.count(id) - 1);
    else this.bare.delete(id);
  }

  count(id: string): number {
    return this.counts.get(id) ?? 0;
  }

  subscribed(kind: string): string[] {
    return NAMES.filter((name) => this.count(`${kind}${name}`) > 0 || this.bare.has(`${kind}${name}`));
  }
}

const step = fc.record({
  act: fc.constantFrom('subscribe', 'unsubscribe', 'dispose', 'bare', 'unbare', 'lose'),
  kind: fc.constantFrom('', 'p'),
  name: fc.constantFrom(...NAMES),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function run(
  client: RedisClient,
  model: Model,
  matchers: Map<string, SubscriptionMatcher[]>,
  { act, kind, name }: Step,
) {
  const id = `${kind}${name}`;
  const own = matchers.get(id) ?? [];
  matchers.set(id, own);
  switch (act) {
    case 'subscribe':
      own.push(...(await (kind === 'p' ? client.psubscribe(name) : client.subscribe(name))));
      return model.up(id);
    case 'unsubscribe':
      await (kind === 'p' ? client.punsubscribe(name) : client.unsubscribe(name));
      model.down(id);
      break;
    case 'dispose': {
      const matcher = own.pop();
      if (matcher === undefined) return;
      await matcher[Symbol.asyncDispose]();
      model.down(id);
      break;
    }
    case 'bare':
      await client.executeCommand(`${kind}SUBSCRIBE`, name);
      model.bare.add(id);
      return;
    case 'unbare':
      await client.executeCommand(`${kind}UNSUBSCRIBE`, name);
      model.bare.delete(id);
      return;
    case 'lose':
      await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      return;
  }
  // With the last count, all matchers have ended.
  if (model.count(id) === 0) own.length = 0;
}

it('counts stay those of the documents, whatever is called and lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await using client = open(server);
      const model = new Model();
      const matchers = new Map<string, SubscriptionMatcher[]>();
      for (const each of steps) await run(client, model, matchers, each);
      const channels = async (): Promise<unknown> =>
        ((await server.command('PUBSUB', 'CHANNELS')) as string[]).sort();
      await expect.poll(channels).toEqual(model.subscribed('').sort());
      await expect.poll(() => server.command('PUBSUB', 'NUMPAT')).toBe(model.subscribed('p').length);
      await client.shutdown();
      await expect.poll(channels).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
