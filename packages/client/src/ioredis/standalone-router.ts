import type { RedisError } from '@redlane/resp3-core';
import { ClosedError } from '../errors.js';
import type { Call } from './call.js';
import { Dispatcher } from './dispatcher.js';
import { Duplicate, type Seed } from './duplicate.js';
import type { Settings } from './ioredis-driver-options.js';
import type { Redis } from './ioredis-like.js';
import { Lane } from './lane.js';
import type { Link } from './link.js';
import { retryDelay } from './retry-delay.js';
import type { Place, Router, RouterEvents, ScanTarget } from './router.js';
import { SharedCarrier } from './shared-carrier.js';

/** Everything goes to one server, or to whichever the sentinels name. */
export class StandaloneRouter extends Dispatcher implements Router {
  readonly topology: 'standalone' | 'sentinel';
  readonly #lane: Lane;
  readonly #seed: Seed;
  readonly #share: boolean;

  constructor(client: Redis, settings: Settings, events: RouterEvents) {
    super();
    this.topology = client.options.sentinels ? 'sentinel' : 'standalone';
    this.#seed = { template: client };
    this.#share = settings.share;
    this.#lane = new Lane(this, {
      open: (signal) =>
        settings.share ? SharedCarrier.open(client, signal) : Duplicate.open(this.#seed, signal),
      // A shared instance reconnects by itself, until it has ended.
      retryDelay: settings.share
        ? () => (client.status === 'end' ? undefined : 0)
        : (attempt) => this.retryDelay(attempt),
      checks: settings.share ? undefined : settings,
      onReady: events.onReady,
      onDown: events.onDown,
      onGivenUp: events.onError,
    });
  }

  submit(call: Call): void {
    this.#lane.submit(call);
  }

  unsent(call: Call, cause: Error): void {
    this.#lane.putBack(call, cause);
  }

  start(): void {
    this.#lane.start();
  }

  slotOf(): undefined {
    return undefined;
  }

  nodeKeyOf(): string {
    return '';
  }

  place(): Promise<Place> {
    return Promise.resolve(this.placeAt());
  }

  placeAt(): Place {
    return { key: '', seed: this.#seed };
  }

  anyPlace(): Promise<Place> {
    return this.place();
  }

  isCurrent(): boolean {
    return true;
  }

  retryDelay(attempt: number): number | undefined {
    return retryDelay(this.#seed.template.options.retryStrategy, attempt);
  }

  laneAt(): Lane {
    return this.#lane;
  }

  redirected(): undefined {
    return undefined;
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  scanTargets(): Promise<readonly ScanTarget[]> {
    return Promise.resolve([{ key: '', node: undefined }]);
  }

  get waiting(): number {
    return this.#lane.waiting;
  }

  get problem(): Error | undefined {
    return this.#lane.problem;
  }

  links(): readonly Link[] {
    return this.#lane.link === undefined ? [] : [this.#lane.link];
  }

  async close(): Promise<void> {
    const cause = new ClosedError();
    this.end(cause);
    await this.#lane.close(cause);
  }

  protected wrongServer(link: Link, error: RedisError): void {
    // A shared instance goes where it wants.
    if (!this.#share) this.#lane.retire(link, error);
  }
}
