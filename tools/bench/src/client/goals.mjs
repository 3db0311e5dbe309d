/**
 * What our client must reach (floors) and wants to reach (aims).
 *
 * @typedef {object} Goal
 * @property {'floor' | 'aim'} level
 * @property {'ops' | 'cpu'} metric
 * @property {string} [against] a contender, or `best`: the peer that does best in this scenario and metric
 * @property {number} [ratio] with `against`: so many times its operations per second, or its CPU per operation divided by ours
 * @property {number} [atMostUs] instead: CPU per operation, on the class of machine the number was found on
 * @property {string} [subject] which of ours, `redlane` unless told
 */

const floor = (metric, against, ratio, subject) => ({ level: 'floor', metric, against, ratio, subject });
const aim = (metric, against, ratio) => ({ level: 'aim', metric, against, ratio });

const ONE_IN_FLIGHT = [
  floor('ops', 'best', 0.9),
  floor('cpu', 'best', 0.9),
  aim('ops', 'best', 1),
  aim('cpu', 'raw', 1 / 1.25),
];

const SMALL = [
  floor('ops', 'ioredis6-auto', 3),
  floor('cpu', 'ioredis6-auto', 4),
  floor('ops', 'node-redis-no-timeout', 1.7),
  floor('cpu', 'node-redis-no-timeout', 2),
  floor('ops', 'node-redis', 8),
  aim('ops', 'ioredis6-auto', 5),
  aim('cpu', 'ioredis6-auto', 6),
  aim('ops', 'best', 2.5),
  aim('cpu', 'best', 2.5),
];
const SMALL_AT_MOST_US = { 50: 2, 1000: 1.2 };

const LARGE = [
  floor('ops', 'ioredis6-auto', 2),
  floor('ops', 'node-redis-no-timeout', 1.3),
  aim('ops', 'ioredis6-auto', 2.5),
  aim('ops', 'best', 1.5),
];

/** A timeout, a signal and metrics for every command together cost at most a tenth. */
const GUARDS = [
  floor('ops', 'redlane-no-timeout', 0.9, 'redlane-guarded'),
  floor('cpu', 'redlane-no-timeout', 1 / 1.1, 'redlane-guarded'),
];

/** @returns {Goal[]} none for sizes and numbers in flight that nobody has set goals for */
export function goalsFor({ size, inFlight }) {
  if (size !== 16 && size !== 1024) return [];
  if (inFlight === 1) return ONE_IN_FLIGHT;
  const atMostUs = SMALL_AT_MOST_US[inFlight];
  if (atMostUs === undefined) return [];
  return [
    ...(size === 16 ? [...SMALL, { level: 'floor', metric: 'cpu', atMostUs }] : LARGE),
    ...(inFlight === 1000 ? GUARDS : []),
  ];
}
