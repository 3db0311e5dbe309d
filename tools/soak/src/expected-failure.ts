/** What lost connections, silent peers and a server that starts again may make of a command. */
const EXPECTED: ReadonlySet<unknown> = new Set([
  'CONNECTION_LOST',
  'TIMEOUT',
  'CONNECT_FAILED',
  'CONNECT_TIMEOUT',
  'HANDSHAKE_FAILED',
  'POOL_TIMEOUT',
  'LOADING',
]);

/** Whether the faults of a run explain this error, or the one below it. */
export function isExpectedFailure(error: unknown, alsoExpected: readonly string[]): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return EXPECTED.has(code) || (typeof code === 'string' && alsoExpected.includes(code));
}
