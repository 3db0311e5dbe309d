import { ClosedError, ConnectError } from '../errors.js';
import type { Seed } from './duplicate.js';
import { slotSource } from './duplicate-options.js';
import type { Cluster, Redis } from './ioredis-like.js';
import { addressAfterNat } from './nat-map.js';
import { retryDelay } from './retry-delay.js';
import type { Redirection } from './router.js';

/** How long a look at the slots may take. */
const CONNECT_MS = 10_000;
/** At most one refresh in so many ms: redirections come in swarms. */
const REFRESH_MS = 100;

export interface SlotMapEvents {
  /** The slots have been told: for the first time, or anew. */
  readonly onRefresh: () => void;
  /** No node could be asked. */
  readonly onFailure: (cause: Error, givenUp: boolean) => void;
}

/** Which node has which slot, by a duplicate of the user's cluster that does nothing else. */
export class SlotMap {
  readonly #client: Cluster;
  readonly #events: SlotMapEvents;
  #source: Cluster | undefined;
  /** What redirections have told since the last refresh. */
  readonly #learned: Map<number, string> = new Map();
  #masters: ReadonlySet<string> = new Set();
  #slots: readonly (readonly string[] | undefined)[] = [];
  #templates: ReadonlyMap<string, Redis> = new Map();
  #started = false;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #failure: Error | undefined;

  constructor(client: Cluster, events: SlotMapEvents) {
    this.#client = client;
    this.#events = events;
  }

  get known(): boolean {
    return this.#masters.size > 0;
  }

  /** Keys (`host:port`) of the nodes that have slots. */
  get masters(): ReadonlySet<string> {
    return this.#masters;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#connect();
  }

  /** Resolves when the slots are known. */
  ready(): Promise<void> {
    this.start();
    if (this.known) return Promise.resolve();
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  keyOf(slot: number): string | undefined {
    return this.#learned.get(slot) ?? this.#slots[slot]?.[0];
  }

  learn({ slot, key, asking }: Redirection): void {
    if (!asking) this.#learned.set(slot, key);
  }

  /** What to duplicate for a connection to this node. */
  seedOf(key: string): Seed {
    const template = this.#templates.get(key);
    if (template !== undefined) return { template, overrides: { readOnly: false } };
    const [other] = this.#templates.values();
    if (other === undefined) throw new ClosedError();
    const at = key.lastIndexOf(':');
    const overrides = { host: key.slice(0, at), port: Number(key.slice(at + 1)), readOnly: false };
    return { template: other, overrides };
  }

  /** `host:port` as clients reach it. */
  reachable(address: string): string {
    return addressAfterNat(this.#client.options.natMap, address);
  }

  /** Asks again, unless that was done a moment ago. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  close(cause: ClosedError): void {
    this.#failure = cause;
    clearTimeout(this.#timer);
    this.#drop();
    for (const { reject } of this.#waiters.splice(0)) reject(cause);
  }

  async #refresh(): Promise<void> {
    const source = this.#source;
    if (source === undefined) {
      await this.#pause();
      return;
    }
    const error = await new Promise<Error | undefined>((resolve) => source.refreshSlotsCache(resolve));
    if (error !== undefined && source === this.#source) this.#failed(error);
    await this.#pause();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, REFRESH_MS).unref();
    });
  }

  /** A duplicate that has lost all its nodes is thrown away, since one that reconnects may hang. */
  async #connect(): Promise<void> {
    const source = this.#client.duplicate([], slotSource(this.#client.options.slotsRefreshInterval));
    this.#source = source;
    source.on('error', () => undefined);
    source.on('refresh', () => this.#read(source));
    source.on('end', () => {
      if (source === this.#source)
        this.#failed(new Error('no node of the cluster could be asked for its slots'));
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (source === this.#source)
        this.#failed(new Error(`no node has told its slots within ${CONNECT_MS} ms`));
    }, CONNECT_MS);
    try {
      await source.connect();
      if (source === this.#source) clearTimeout(this.#timer);
    } catch (error) {
      if (source === this.#source) this.#failed(error as Error);
    }
  }

  #failed(cause: Error): void {
    this.#drop();
    clearTimeout(this.#timer);
    const delay = retryDelay(this.#client.options.clusterRetryStrategy, ++this.#attempt);
    if (delay !== undefined) this.#timer = setTimeout(() => void this.#connect(), delay);
    else {
      this.#failure = connectFailure(cause);
      for (const { reject } of this.#waiters.splice(0)) reject(this.#failure);
    }
    this.#events.onFailure(cause, delay === undefined);
  }

  #drop(): void {
    const source = this.#source;
    this.#source = undefined;
    source?.disconnect();
  }

  #read(source: Cluster): void {
    if (source !== this.#source) return;
    this.#slots = source.slots;
    this.#learned.clear();
    const masters = new Set<string>();
    for (const nodes of source.slots) if (nodes?.[0] !== undefined) masters.add(nodes[0]);
    this.#masters = masters;
    this.#templates = new Map(
      source.nodes('all').map((node) => [`${node.options.host}:${node.options.port}`, node]),
    );
    if (!this.known) return;
    this.#attempt = 0;
    this.#events.onRefresh();
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }
}

function connectFailure(cause: Error): ConnectError {
  return new ConnectError('CONNECT_FAILED', {
    address: 'the cluster',
    problem: cause.message,
    retryable: false,
    cause,
  });
}
