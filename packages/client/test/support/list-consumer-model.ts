import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';
import type { RedisDriver } from '../../src/driver.js';
import { ListConsumer, type ListEntry } from '../../src/list-consumer/index.js';
import { SpiedDriver } from './spied-driver.js';

const MAX_DELIVERIES = 4;
const ALONE_FROM = 3;

/** An element in the model. `place` grows with the order of first claims, as `seq` does. */
interface Item {
  place: number;
  deliveries: number;
  readonly raw: string;
  entry?: ListEntry<string>;
}

interface Actor {
  readonly consumer: ListConsumer<'string'>;
  /** It has claimed, and was not taken for dead since. */
  alive: boolean;
  staged: string[];
  held: Item[];
  /** Claimed, and the reply was lost. */
  unheard: Item[];
  /** Claimed, and not handed out. */
  buffer: Item[];
}

/** What a list and its consumers should be, in plain arrays. */
export class ListConsumerModel {
  readonly #server: RedisServer;
  readonly #spied: SpiedDriver;
  readonly #random: () => number;
  #source: string[] = [];
  #retry: Item[] = [];
  #dead: Item[] = [];
  #actors: Actor[] = [];
  #places = 0;

  constructor(server: RedisServer, driver: RedisDriver, seed: number) {
    this.#server = server;
    this.#spied = new SpiedDriver(driver);
    this.#random = seededRandom(seed);
  }

  /** Does so many things at random, and compares after each. */
  async run(steps: number): Promise<void> {
    for (let i = 0; i < 3; i++) this.#actors.push(this.#actor());
    const deeds: readonly [weight: number, deed: () => Promise<void>][] = [
      [4, () => this.#push()],
      [6, () => this.#claim(false)],
      [1, () => this.#claim(true)],
      [4, () => this.#ack()],
      [2, () => this.#nack(true)],
      [1, () => this.#nack(false)],
      [1, () => this.#stage()],
      [1, () => this.#die()],
      [1, () => this.#close()],
      [1, () => this.#redrive()],
    ];
    const total = deeds.reduce((sum, [weight]) => sum + weight, 0);
    for (let step = 0; step < steps; step++) {
      let dice = this.#random() * total;
      const chosen = deeds.find(([weight]) => {
        dice -= weight;
        return dice < 0;
      });
      await chosen?.[1]();
      await this.#compare();
    }
    for (const { consumer } of this.#actors) await consumer.close();
  }

  #actor(): Actor {
    const consumer = new ListConsumer(this.#spied.driver, {
      source: 'list',
      keys: 'work',
      heartbeatMs: 60_000,
      deadAfterMs: 200_000,
      maxDeliveries: MAX_DELIVERIES,
      replies: 'string',
    });
    return { consumer, alive: false, staged: [], held: [], unheard: [], buffer: [] };
  }

  #some<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  #upTo(most: number): number {
    return 1 + Math.floor(this.#random() * most);
  }

  async #push(): Promise<void> {
    const elements = Array.from({ length: this.#upTo(4) }, () => this.#some(['a', 'b', 'c|', '']));
    await this.#server.command('RPUSH', 'list', ...elements);
    this.#source.push(...elements);
  }

  async #claim(loseReply: boolean): Promise<void> {
    const actor = this.#some(this.#actors);
    const max = this.#upTo(5);
    if (actor.buffer.length === 0 && loseReply) {
      this.#spied.loseReplies = 1;
      await expect(actor.consumer.claim({ max })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      if (actor.unheard.length === 0) actor.unheard = this.#take(actor, max);
      return;
    }
    if (actor.buffer.length === 0) {
      actor.buffer = actor.unheard.length > 0 ? actor.unheard : this.#take(actor, max);
      actor.unheard = [];
    }
    const expected = actor.buffer.splice(0, max);
    const entries = await actor.consumer.claim({ max });
    expect(entries.map(({ raw, deliveries }) => ({ raw, deliveries }))).toEqual(
      expected.map(({ raw, deliveries }) => ({ raw, deliveries })),
    );
    for (const [i, item] of expected.entries()) item.entry = entries[i] as ListEntry<string>;
    actor.held.push(...expected);
  }

  #take(actor: Actor, max: number): Item[] {
    actor.alive = true;
    const taken: Item[] = [];
    while (taken.length < max && this.#retry.length > 0) {
      const alone = (this.#retry[0]?.deliveries ?? 0) + 1 >= ALONE_FROM;
      if (alone && taken.length > 0) return taken;
      const item = this.#retry.shift() as Item;
      item.deliveries++;
      taken.push(item);
      if (alone) return taken;
    }
    for (const list of [actor.staged, this.#source]) {
      for (const raw of list.splice(0, max - taken.length)) {
        taken.push({ place: ++this.#places, deliveries: 1, raw });
      }
    }
    return taken;
  }

  async #ack(): Promise<void> {
    const [actor, item] = this.#held();
    if (item?.entry === undefined) return;
    actor.held = actor.held.filter((other) => other !== item);
    expect(await actor.consumer.ack(item.entry)).toBe(1);
    expect(await actor.consumer.ack(item.entry)).toBe(0);
  }

  async #nack(requeue: boolean): Promise<void> {
    const [actor, item] = this.#held();
    if (item?.entry === undefined) return;
    actor.held = actor.held.filter((other) => other !== item);
    expect(await actor.consumer.nack([item.entry, item.entry], { requeue })).toBe(1);
    if (requeue) this.#giveBack(item);
    else this.#dead.push(item);
  }

  /** What the server does to the wait of a consumer whose connection was lost. */
  async #stage(): Promise<void> {
    const actor = this.#some(this.#actors);
    const raw = actor.alive ? this.#source.shift() : undefined;
    if (raw === undefined) return;
    actor.staged.push(raw);
    await this.#server.command('LMOVE', 'list', `work:staging:${actor.consumer.id}`, 'LEFT', 'RIGHT');
  }

  async #die(): Promise<void> {
    const actor = this.#some(this.#actors);
    const { id } = actor.consumer;
    await this.#server.command('ZADD', 'work:consumers', '1', id);
    await this.#some(this.#actors).consumer.recover();
    const items = [...actor.held, ...actor.unheard, ...actor.buffer];
    for (const item of items.sort(byPlace)) this.#giveBack(item);
    this.#returnStaged(actor);
    actor.alive = false;
    if (actor.buffer.length > 0 || this.#random() < 0.5) {
      this.#actors[this.#actors.indexOf(actor)] = this.#actor();
    } else {
      // It goes on, and does not know yet that it was taken for dead.
      const [first] = actor.held;
      if (first?.entry !== undefined) expect(await actor.consumer.ack(first.entry)).toBe(0);
    }
    actor.held = actor.unheard = [];
  }

  async #close(): Promise<void> {
    const actor = this.#some(this.#actors);
    await actor.consumer.close();
    for (const item of actor.buffer) {
      item.deliveries--;
      this.#insert(item);
    }
    for (const item of [...actor.held, ...actor.unheard].sort(byPlace)) this.#giveBack(item);
    this.#returnStaged(actor);
    this.#actors[this.#actors.indexOf(actor)] = this.#actor();
  }

  async #redrive(): Promise<void> {
    const max = this.#upTo(3);
    const items = this.#dead.splice(0, max);
    expect(await this.#some(this.#actors).consumer.redrive(max)).toBe(items.length);
    for (const item of items) {
      item.deliveries = 0;
      this.#insert(item);
    }
  }

  #held(): [Actor, Item | undefined] {
    const actor = this.#some(this.#actors);
    return [actor, this.#some(actor.held)];
  }

  #returnStaged(actor: Actor): void {
    for (const raw of actor.staged.splice(0)) this.#insert({ place: ++this.#places, deliveries: 0, raw });
  }

  #giveBack(item: Item): void {
    if (item.deliveries >= MAX_DELIVERIES) this.#dead.push(item);
    else this.#insert(item);
  }

  #insert(item: Item): void {
    this.#retry.push(item);
    this.#retry.sort(byPlace);
  }

  async #compare(): Promise<void> {
    const stats = await this.#actors[0]?.consumer.stats();
    const inProcess = this.#actors.reduce(
      (sum, { staged, held, unheard, buffer }) =>
        sum + staged.length + held.length + unheard.length + buffer.length,
      0,
    );
    expect(stats).toMatchObject({
      waiting: this.#source.length,
      returned: this.#retry.length,
      deadLetters: this.#dead.length,
      inProcess,
    });
    const letters = await this.#actors[0]?.consumer.deadLetters();
    expect(letters?.map(({ raw }) => raw)).toEqual(this.#dead.slice(0, 100).map(({ raw }) => raw));
  }
}

function byPlace(one: Item, other: Item): number {
  return one.place - other.place;
}
