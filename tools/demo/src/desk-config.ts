/** Which library carries `channel`, `pubsub-manager` and `sse-persistence`. */
export type DriverName = 'redlane' | 'ioredis';

/** What every process of a desk has to know; it goes to children as JSON. */
export interface DeskConfig {
  /** Begins the name of every key, channel and connection, so that desks on one server do not meet. */
  readonly run: string;
  readonly redisUrl: string;
  readonly driver: DriverName;
  /** Ids of the web nodes. */
  readonly nodes: readonly string[];
  /** How long a worker takes for one step of an order: from, to. */
  readonly stepMs: readonly [number, number];
}

/** What one process of a desk has to know. */
export interface ProcessConfig extends DeskConfig {
  /** `n1`, `w2`, … It stays over restarts. */
  readonly id: string;
  /** This worker acks one job without doing it: shows that the check notices. */
  readonly losesOne: boolean;
}

/** Where a {@link ProcessConfig} is found: in the environment, which shows no password to who lists processes. */
export const configVariable = 'REDLANE_DEMO_PROCESS';

export function readProcessConfig(): ProcessConfig {
  const text = process.env[configVariable];
  if (text === undefined) {
    throw new Error('this is a process of the order desk; start the desk itself: npm start');
  }
  return JSON.parse(text) as ProcessConfig;
}

/** By this name the connections of a desk are told from those of others. */
export function connectionName(run: string, id: string): string {
  return `${run}-${id}`;
}
