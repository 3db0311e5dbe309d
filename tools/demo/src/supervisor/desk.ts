import { randomBytes } from 'node:crypto';
import { RedisClient } from '@redlane/client';
import type { FaultReport, Totals } from '../contract.js';
import { connectionName, type DeskConfig, type DriverName } from '../desk-config.js';
import { namesOf } from '../names.js';
import type { BuiltPage } from '../page/build-page.js';
import type { Roster } from '../process-messages.js';
import { type FaultKind, Faults } from './faults.js';
import { Fleet } from './fleet.js';
import { Front } from './front.js';
import { foreignRedis, ownRedis, type RedisHome } from './redis-home.js';
import { RosterChanges } from './roster-changes.js';

const NODES = ['n1', 'n2'];
const WORKERS = ['w1', 'w2', 'w3'];

export interface DeskOptions {
  /** 0: a free one. */
  readonly port: number;
  readonly driver: DriverName;
  /** @default a server of its own */
  readonly redisUrl?: string | undefined;
  readonly stepMs: readonly [number, number];
  readonly losesOne: boolean;
  readonly page: BuiltPage;
  /** Told of faults, and of processes that are up again. */
  readonly say: (line: string) => void;
}

/** The order desk: Redis, web nodes, workers, and the address in front of them. */
export class Desk implements AsyncDisposable {
  readonly url: string;
  readonly redis: RedisHome;
  readonly fleet: Fleet;
  readonly #front: Front;
  readonly #client: RedisClient;
  readonly #faults: Faults;
  readonly #totals: string;
  readonly #say: (line: string) => void;
  #stopped: Promise<void> | undefined;

  private constructor(config: DeskConfig, front: Front, redis: RedisHome, options: DeskOptions) {
    const { run } = config;
    this.#front = front;
    this.url = front.url;
    this.redis = redis;
    this.#client = new RedisClient(redis.url, { clientName: connectionName(run, 'desk') });
    this.fleet = new Fleet({ config, workers: WORKERS, losesOne: options.losesOne });
    this.#faults = new Faults({ run, fleet: this.fleet, redis, client: this.#client });
    this.#totals = namesOf(run).totals;
    this.#say = options.say;
    const changes = new RosterChanges();
    this.fleet.on('change', () => {
      for (const line of changes.next(this.fleet.roster)) options.say(line);
    });
    front.open({
      upstreams: () => this.fleet.upstreams,
      page: options.page,
      inflict: (kind) => this.inflict(kind),
    });
  }

  /**
   * Resolves when every process is ready.
   *
   * @throws UsageError when the port is taken or REDIS_URL does not answer; what else could not be started. Nothing is left then
   */
  static async open(options: DeskOptions, signal: AbortSignal): Promise<Desk> {
    const front = await Front.listen(options.port);
    let rest: AsyncDisposable = front;
    try {
      const run = `redlane-demo-${randomBytes(3).toString('hex')}`;
      const redis =
        options.redisUrl === undefined ? await ownRedis() : await foreignRedis(options.redisUrl, run);
      const { driver, stepMs } = options;
      const config: DeskConfig = { run, redisUrl: redis.url, driver, nodes: NODES, stepMs };
      const desk = new Desk(config, front, redis, options);
      rest = desk;
      await desk.fleet.up(signal);
      return desk;
    } catch (error) {
      await rest[Symbol.asyncDispose]();
      throw error;
    }
  }

  get roster(): Roster {
    return this.fleet.roster;
  }

  async inflict(kind: FaultKind): Promise<FaultReport> {
    const report = await this.#faults.inflict(kind);
    this.#say(`${kind}: ${report.text}`);
    return report;
  }

  /** Resolves when `signal` is aborted. @throws Error when a process cannot be started any more */
  async runUntil(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.fleet.on('error', reject);
    });
  }

  /** As Redis has them at this moment; `lost` is all that is not finished. */
  async totals(): Promise<Totals> {
    const counts = await this.#client.call<Map<string, string>>('HGETALL', this.#totals);
    const count = (field: string): number => Number(counts.get(field) ?? 0);
    const placed = count('placed');
    const finished = count('finished');
    return { placed, finished, lost: placed - finished, duplicated: count('duplicated') };
  }

  /** Ends everything; more calls do no harm. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#front[Symbol.asyncDispose]();
    await this.fleet.stop();
    await this.#client.close({ deadlineMs: 500 });
    await this.redis[Symbol.asyncDispose]();
  }
}
