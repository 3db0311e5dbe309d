/**
 * How every process receives: what it holds when it is killed comes back at once to its successor of the same name, or to
 * others when there is none in time. Nothing is given up after a number of deliveries, since workers are killed on purpose here.
 */
export function reliable(consumerId: string) {
  return {
    reliable: true,
    envelope: true,
    consumerId,
    heartbeatMs: 1_000,
    deadAfterMs: 4_000,
    maxDeliveries: 1_000,
  } as const;
}
