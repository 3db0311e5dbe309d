import type { RedisClient } from '@redlane/client';
import { type FaultProxy, type RedisServer, seededRandom, startFaultProxy } from '@redlane/redis-server';
import type { Check } from './check.js';
import { type Defect, tamperOf } from './defects.js';
import { isExpectedFailure } from './expected-failure.js';
import { seedOf } from './faults/schedule.js';
import { inTime } from './loops.js';
import { Problems } from './problems.js';
import type { RunningScenario, Scenario, SoakContext } from './scenario.js';
import { type DriverName, openWay } from './way.js';

/** So long, at most, nothing need be checked while faults last. */
const STANDSTILL_MS = 60_000;

const PATIENCE_MS = 90_000;
/** What was broken on purpose does not come. */
const IMPATIENCE_MS = 10_000;

export interface StageOptions {
  readonly seed: number;
  readonly driver: DriverName;
  readonly defects: ReadonlySet<Defect>;
  readonly server: RedisServer;
  readonly direct: RedisClient;
}

/** Where one scenario plays: behind a proxy of its own. */
export class Stage {
  readonly name: string;
  readonly proxy: FaultProxy;
  readonly #scenario: Scenario;
  readonly #context: SoakContext;
  readonly #problems: Problems = new Problems();
  #running: RunningScenario | undefined;
  #failures = 0;
  #checked = 0;
  #checkedAt = 0;

  static async open(scenario: Scenario, options: StageOptions): Promise<Stage> {
    const proxy = await startFaultProxy({
      target: options.server,
      seed: seedOf(options.seed, `${scenario.name} bytes`),
      logLimit: 1,
    });
    return new Stage(scenario, proxy, options);
  }

  private constructor(
    scenario: Scenario,
    proxy: FaultProxy,
    { seed, driver, defects, direct }: StageOptions,
  ) {
    this.name = scenario.name;
    this.proxy = proxy;
    this.#scenario = scenario;
    const ownSeed = seedOf(seed, `${scenario.name} scenario`);
    this.#context = {
      random: seededRandom(ownSeed),
      proxy,
      direct,
      patienceMs: defects.size > 0 ? IMPATIENCE_MS : PATIENCE_MS,
      tamper: tamperOf(defects),
      open: () => openWay(driver, proxy),
      problem: (text) => this.#problems.add(text),
      failed: (error, ...alsoExpected) => {
        this.#failures++;
        if (!isExpectedFailure(error, alsoExpected)) this.#problems.add(`unexpected: ${told(error)}`);
      },
    };
  }

  async start(): Promise<void> {
    this.#running = await this.#scenario.start(this.#context);
    this.#checkedAt = performance.now();
  }

  /** How much has been checked. */
  get checked(): number {
    return this.#running?.progress() ?? 0;
  }

  /** To be called now and then: it is a problem when nothing more has been checked for long. */
  watch(): void {
    const { checked } = this;
    if (checked > this.#checked) this.#checkedAt = performance.now();
    else if (performance.now() - this.#checkedAt > STANDSTILL_MS) {
      this.#problems.add(`nothing was checked for ${STANDSTILL_MS / 1_000} s`);
      this.#checkedAt = performance.now();
    }
    this.#checked = checked;
  }

  /** Ends the scenario, whose last look at things is part of the result. */
  async stop(): Promise<Check> {
    let facts: string;
    try {
      if (this.#running === undefined) throw new Error('it did not start');
      const findings = await inTime(this.#running.stop(), 'the scenario comes to an end', 240_000);
      facts = Object.entries(findings)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ');
      if (this.checked === 0) this.#problems.add('nothing was checked');
    } catch (error) {
      facts = 'did not end well';
      this.#problems.add(told(error));
    }
    const { texts, count } = this.#problems;
    return {
      name: this.name,
      facts: `${facts}; ${this.#failures} failures`,
      problems: texts,
      problemCount: count,
    };
  }
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? '' : ` (${told(error.cause)})`;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 3);
  return [`${error.name} ${code ?? ''} ${error.message}${cause}`, ...frames].join('\n             ');
}
