import type { TimeoutDiagnosis } from './errors.js';
import type { LatencyHistogram } from './latency-histogram.js';

/** What can be said about a connection when a deadline has passed. */
export interface Patient {
  readonly inFlight: number;
  readonly bytesRead: number;
  readonly lastReadAt: number;
}

/** What a client or a connection knows at this moment, for the error of a command whose deadline has come. */
export function diagnosisOf(
  state: string,
  queued: number,
  connection: Patient | undefined,
  latency: LatencyHistogram | undefined,
  cause?: Error,
): TimeoutDiagnosis {
  const now = performance.now();
  const silent = connection === undefined || connection.bytesRead === 0;
  return {
    state,
    queued,
    inFlight: connection?.inFlight ?? 0,
    lastReadMsAgo: silent ? undefined : now - connection.lastReadAt,
    p99Ms: latency?.percentileMs(99, now),
    cause,
  };
}
