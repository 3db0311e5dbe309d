/** The drivers, as users know them. */
const DRIVERS = [
  'RedisClient',
  'RedisClient, Sentinel',
  'ioredis Redis',
  'ioredis Redis, Sentinel',
  'ioredis Cluster',
] as const;

export type DriverName = (typeof DRIVERS)[number];

/**
 * - `tested`: by this suite, on a server of that kind.
 * - `shared`: by code that is tested on one server.
 * - `no`: not there.
 */
type Support = 'tested' | 'shared' | 'no';

interface Feature {
  readonly title: string;
  readonly support: Readonly<Record<DriverName, Support>>;
}

const tested = forAll('tested');

/** What the seam promises; the suite has a group of tests for each. */
const FEATURES = {
  send: { title: '`send`: single commands, replies as text or bytes', support: tested },
  shapes: { title: 'Replies in the shapes of RESP2', support: tested },
  batch: { title: '`batch`: one write; atomic in one slot', support: tested },
  run: { title: '`run`: scripts, known to the server or not', support: tested },
  lease: { title: '`lease`: blocking commands, WATCH', support: tested },
  cancel: { title: '`cancel`: ends a wait and loses no element', support: tested },
  inLine: {
    title: 'A command in line behind one that waits on its lease is ended by its `signal` at once',
    support: tested,
  },
  scan: { title: '`scan`: the keys of all masters', support: tested },
  subscribe: { title: '`subscribe`: channels, patterns, shard channels', support: tested },
  gaps: { title: 'Every lost message lies in a reported gap', support: tested },
  faults: { title: 'Nothing is executed twice when connections are lost', support: tested },
  network: {
    title: 'Abort and deadline after the write; silent peers are found (tested on one server)',
    support: {
      ...forAll('shared'),
      RedisClient: 'tested',
      'ioredis Redis': 'tested',
    },
  },
  masterLoss: { title: 'Goes on after the loss of a master', support: tested },
  close: { title: '`close`: ends, and leaves open what was passed in', support: tested },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof FEATURES;

/** What the table says is tested for a driver. */
export function featuresOf(driver: DriverName): FeatureName[] {
  const names = Object.keys(FEATURES) as FeatureName[];
  return names.filter((name) => FEATURES[name].support[driver] === 'tested');
}

/** What a user may look for besides the seam. */
const BESIDES: readonly Feature[] = [
  { title: 'Routes by key in a cluster', support: { ...forAll('no'), 'ioredis Cluster': 'tested' } },
  {
    title: 'Client-side cache, and pushes of every type (by the client itself)',
    support: { ...forAll('no'), RedisClient: 'shared', 'RedisClient, Sentinel': 'shared' },
  },
];

/** The table of all that, in Markdown. */
export function supportTable(): string {
  const header = ['', ...DRIVERS];
  const rows = [...Object.values<Feature>(FEATURES), ...BESIDES].map(({ title, support }) => [
    title,
    ...DRIVERS.map((driver) => (support[driver] === 'no' ? '–' : '✓')),
  ]);
  const lines = [header, header.map((_, column) => (column === 0 ? '---' : ':-:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function forAll(support: Support): Record<DriverName, Support> {
  return Object.fromEntries(DRIVERS.map((driver) => [driver, support])) as Record<DriverName, Support>;
}
