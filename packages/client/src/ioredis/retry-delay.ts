const NODE_DELAY_MS = 100;
const NODE_DELAY_MAX_MS = 2_000;

/** What the user's own strategy says; when it gives no number, there are no more attempts. */
export function retryDelay(strategy: unknown, attempt: number): number | undefined {
  if (typeof strategy !== 'function') return undefined;
  const delay: unknown = strategy(attempt);
  return typeof delay === 'number' ? Math.max(0, delay) : undefined;
}

/** For a node of a cluster, where ioredis itself never tries the same node again. */
export function nodeRetryDelay(attempt: number): number {
  return Math.min(NODE_DELAY_MAX_MS, NODE_DELAY_MS * attempt) * (0.5 + Math.random() / 2);
}
