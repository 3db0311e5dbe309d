import type { CommandArgument } from '@redlane/resp3-core';
import { ClosedError, ConnectionLostError } from '../errors.js';
import { Call, type RawReplies } from './call.js';
import { slotOfAll } from './command-slot.js';
import { Dispatcher } from './dispatcher.js';
import { Duplicate } from './duplicate.js';
import type { Settings } from './ioredis-driver-options.js';
import type { Cluster } from './ioredis-like.js';
import { type Carrier, Lane } from './lane.js';
import type { Link } from './link.js';
import { isServerError } from './raw-reply.js';
import { nodeRetryDelay } from './retry-delay.js';
import type { Place, Redirection, Router, RouterEvents, ScanTarget } from './router.js';
import { SharedCarrier } from './shared-carrier.js';
import { SlotMap } from './slot-map.js';

const MAX_REDIRECTIONS = 16;
/** Before a node is asked again that has pointed to itself. */
const CIRCULAR_MS = 50;

/** One lane to each node that has slots, made when the first command goes there. */
export class ClusterRouter extends Dispatcher implements Router {
  readonly topology = 'cluster';
  readonly #client: Cluster;
  readonly #settings: Settings;
  readonly #events: RouterEvents;
  readonly #map: SlotMap;
  readonly #lanes: Map<string, Lane> = new Map();
  /** Calls that nobody knows a node for yet. */
  readonly #parked: Set<Call> = new Set();
  /** Nodes that cannot be reached; all of them (`''`) until the slots are known. */
  readonly #broken: Set<string> = new Set(['']);
  /** What was in the way last, until all nodes can be reached. */
  #problem: Error | undefined;
  #down = false;
  #closed = false;

  constructor(client: Cluster, settings: Settings, events: RouterEvents) {
    super();
    this.#client = client;
    this.#settings = settings;
    this.#events = events;
    this.#map = new SlotMap(client, {
      onRefresh: () => this.#refreshed(),
      onFailure: (cause, givenUp) => {
        if (givenUp) events.onError(cause);
        else if (!this.#map.known) this.#broke('', cause);
      },
    });
  }

  submit(call: Call): void {
    if (call.settled) return;
    if (this.#closed) {
      call.reject(new ClosedError());
      return;
    }
    call.asking = false;
    if (!this.#map.known) {
      this.#park([call], this.#map.ready());
      return;
    }
    const { node } = call.spec;
    if (node !== undefined && !this.#map.masters.has(node)) {
      const cause = new Error(`${node} is not a master of the cluster any more`);
      call.reject(
        new ConnectionLostError({ maybeExecuted: false, phase: 'connecting', command: call.name, cause }),
      );
      return;
    }
    this.#lane(node ?? this.nodeKeyOf(call.slot) ?? this.#anyKey()).submit(call);
  }

  unsent(call: Call, cause: Error): void {
    for (const lane of this.#lanes.values()) {
      if (lane.link === call.servedBy) {
        lane.putBack(call, cause);
        return;
      }
    }
    this.later(call, 0);
  }

  start(): void {
    this.#map.start();
  }

  slotOf(commands: readonly (readonly CommandArgument[])[]): number | undefined {
    return slotOfAll(commands);
  }

  nodeKeyOf(slot: number | undefined): string | undefined {
    return slot === undefined ? undefined : this.#map.keyOf(slot);
  }

  async place(slot: number | undefined): Promise<Place> {
    await this.#map.ready();
    return this.placeAt(this.nodeKeyOf(slot) ?? this.#anyKey());
  }

  placeAt(key: string): Place {
    return { key, seed: this.#map.seedOf(key) };
  }

  async anyPlace(not: string | undefined): Promise<Place> {
    await this.#map.ready();
    const masters = [...this.#map.masters];
    const others = masters.length > 1 ? masters.filter((key) => key !== not) : masters;
    return this.placeAt(others[Math.floor(Math.random() * others.length)] as string);
  }

  isCurrent(key: string): boolean {
    return this.#map.masters.has(key);
  }

  retryDelay(attempt: number): number {
    return nodeRetryDelay(attempt);
  }

  laneAt(key: string): Lane | undefined {
    return this.#closed || !this.#map.known ? undefined : this.#lane(key);
  }

  redirected({ message }: Error): Redirection | undefined {
    const [, kind, slot, address] = /^(MOVED|ASK) (\d+) (\S+:\d+)/.exec(message) ?? [];
    if (kind === undefined || address === undefined) return undefined;
    const redirection: Redirection = {
      slot: Number(slot),
      key: this.#map.reachable(address),
      asking: kind === 'ASK',
    };
    this.#map.learn(redirection);
    if (!redirection.asking) void this.refresh();
    return redirection;
  }

  refresh(): Promise<void> {
    return this.#map.refresh();
  }

  async scanTargets(): Promise<readonly ScanTarget[]> {
    await this.#map.ready();
    return [...this.#map.masters].map((key) => ({ key, node: key }));
  }

  get waiting(): number {
    let waiting = this.#parked.size;
    for (const lane of this.#lanes.values()) waiting += lane.waiting;
    return waiting;
  }

  get problem(): Error | undefined {
    return this.#problem;
  }

  links(): readonly Link[] {
    return [...this.#lanes.values()].flatMap(({ link }) => link ?? []);
  }

  async close(): Promise<void> {
    const cause = new ClosedError();
    this.#closed = true;
    this.end(cause);
    this.#map.close(cause);
    for (const call of [...this.#parked]) call.reject(cause);
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close(cause)));
  }

  protected wrongServer(): void {
    void this.refresh();
  }

  protected override redirects(call: Call, error: Error): boolean {
    const redirection = this.redirected(error);
    if (redirection === undefined || ++call.redirections > MAX_REDIRECTIONS) return false;
    const { key, slot, asking } = redirection;
    call.rewind();
    call.slot = slot;
    const lane = this.#lane(key);
    if (lane.link !== undefined && lane.link === call.servedBy) this.later(call, CIRCULAR_MS);
    else {
      call.asking = asking;
      lane.submit(call);
    }
    return true;
  }

  protected override redirectsSome(call: Call, replies: RawReplies): boolean {
    const { signal, commands } = call.spec;
    const list = [...replies];
    const again: Promise<void>[] = [];
    for (const [index, reply] of replies.entries()) {
      const command = commands[index];
      if (!isServerError(reply) || command === undefined || !/^(MOVED|ASK) /.test(reply.message)) continue;
      const timeoutMs = Math.max(1, call.deadline - performance.now());
      const part = Call.exchange({ kind: 'single', commands: [command], signal, timeoutMs }, (single) => {
        if (!this.redirects(single, reply)) single.answer([reply]);
      });
      again.push(
        part.then(([answer]) => {
          list[index] = answer;
        }),
      );
    }
    if (again.length === 0) return false;
    Promise.all(again).then(
      () => call.answer(list),
      (error: Error) => call.reject(error),
    );
    return true;
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new Lane(this, {
      open: (signal) => this.#open(key, signal),
      retryDelay: nodeRetryDelay,
      checks: this.#settings.share ? undefined : this.#settings,
      stranded: (calls) => this.#park(calls, this.refresh()),
      onReady: () => this.#mended(key),
      onDown: (cause) => {
        this.#broke(key, cause);
        void this.refresh();
      },
      onGivenUp: this.#events.onError,
    });
    this.#lanes.set(key, lane);
    return lane;
  }

  async #open(key: string, signal: AbortSignal): Promise<Carrier> {
    if (!this.#settings.share) return Duplicate.open(this.#map.seedOf(key), signal);
    if (this.#client.status === 'wait') this.#client.connect().catch(() => undefined);
    const node = this.#client.nodes('all').find(({ options: { host, port } }) => `${host}:${port}` === key);
    if (node === undefined) throw new Error(`the shared cluster has no connection to ${key}`);
    return SharedCarrier.open(node, signal);
  }

  #park(calls: readonly Call[], until: Promise<void>): void {
    for (const call of calls) {
      call.home = this.#parked;
      this.#parked.add(call);
    }
    const release = (): void => {
      for (const call of calls) {
        if (!this.#parked.delete(call)) continue;
        call.home = undefined;
        this.submit(call);
      }
    };
    until.then(release, (cause: Error) => {
      for (const call of calls) {
        call.reject(
          cause instanceof ClosedError
            ? cause
            : new ConnectionLostError({
                maybeExecuted: false,
                phase: 'connecting',
                command: call.name,
                cause,
              }),
        );
      }
    });
  }

  /** A node that is at hand, or any. */
  #anyKey(): string {
    const { masters } = this.#map;
    for (const [key, lane] of this.#lanes) if (lane.link !== undefined && masters.has(key)) return key;
    const keys = [...masters];
    return keys[Math.floor(Math.random() * keys.length)] as string;
  }

  #refreshed(): void {
    this.#mended('');
    for (const [key, lane] of this.#lanes) {
      if (this.#map.masters.has(key) || lane.waiting > 0 || (lane.link?.owed ?? 0) > 0) continue;
      this.#lanes.delete(key);
      void lane.close(new ClosedError('connection'));
      this.#mended(key);
    }
    this.#events.onRefresh();
  }

  #broke(key: string, cause: Error): void {
    this.#broken.add(key);
    this.#problem = cause;
    if (this.#down || this.#closed) return;
    this.#down = true;
    this.#events.onDown(cause);
  }

  #mended(key: string): void {
    if (!this.#broken.delete(key) || this.#broken.size > 0) return;
    this.#down = false;
    this.#problem = undefined;
    this.#events.onReady();
  }
}
