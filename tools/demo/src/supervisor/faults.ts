import type { RedisClient } from '@redlane/client';
import type { FaultReport } from '../contract.js';
import { connectionName } from '../desk-config.js';
import type { ChildKind } from './child.js';
import { connectionIds } from './client-list.js';
import type { Fleet } from './fleet.js';
import type { RedisHome } from './redis-home.js';

export const faultKinds = ['kill-worker', 'kill-node', 'cut-connections', 'restart-redis'] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultParts {
  readonly run: string;
  readonly fleet: Fleet;
  readonly redis: RedisHome;
  /** Of the supervisor: lives on when all other connections are cut. */
  readonly client: RedisClient;
}

/** Breaks things, and says what it broke. */
export class Faults {
  readonly #parts: FaultParts;
  #restarting: Promise<unknown> = Promise.resolve();

  constructor(parts: FaultParts) {
    this.#parts = parts;
  }

  async inflict(kind: FaultKind): Promise<FaultReport> {
    const text = await this.#inflict(kind);
    const report: FaultReport = { kind, at: Date.now(), text };
    this.#parts.fleet.tellNodes({ type: 'fault', report });
    return report;
  }

  #inflict(kind: FaultKind): Promise<string> {
    switch (kind) {
      case 'kill-worker':
        return this.#kill('worker');
      case 'kill-node':
        return this.#kill('node');
      case 'cut-connections':
        return this.#cut();
      case 'restart-redis':
        return this.#restart();
    }
  }

  async #kill(kind: ChildKind): Promise<string> {
    const child = this.#parts.fleet.pick(kind);
    const what = kind === 'node' ? 'web node' : 'worker';
    if (child === undefined) return `no ${what} is up that could be killed`;
    const { id, pid } = child;
    child.kill();
    return `${what} ${id} (process ${pid}) was killed by SIGKILL; a new one is being started`;
  }

  /** Those of the desk only: a server may have other users. */
  async #cut(): Promise<string> {
    const { client, run } = this.#parts;
    const list = await client.call<string>('CLIENT', 'LIST');
    const own = connectionName(run, 'desk');
    const ids = connectionIds(list, `${run}-`).filter((id) => !connectionIds(list, own).includes(id));
    const killed = await client.pipeline(ids.map((id) => ['CLIENT', 'KILL', 'ID', id]));
    const count = killed.filter((reply) => reply === 1).length;
    return `${count} connections to Redis were cut by CLIENT KILL, subscriptions and waits included`;
  }

  async #restart(): Promise<string> {
    const { restart } = this.#parts.redis;
    if (restart === undefined) return notOurs;
    const begun = performance.now();
    // Two at a time would start two servers on one port.
    const turn = this.#restarting.then(restart);
    this.#restarting = turn.catch(() => undefined);
    await turn;
    const ms = Math.round(performance.now() - begun);
    return `redis-server was killed by SIGKILL, and was back after ${ms} ms with all it had confirmed`;
  }
}

/** Why Redis is not restarted there. */
export const notOurs = 'Redis is not restarted: the server of REDIS_URL may have other users';
