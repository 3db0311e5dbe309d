import { addressOf } from './address.js';
import type { ResolvedOptions } from './client-options.js';
import { ConnectError } from './errors.js';

/**
 * Gives an attempt to connect `connectTimeoutMs`. Its signal is aborted when the time is over, and with the caller's.
 *
 * @throws ConnectError `CONNECT_TIMEOUT`; the reason of the caller's signal; what the attempt throws
 */
export async function openInTime<T>(
  options: ResolvedOptions,
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { connectTimeoutMs, locator } = options;
  const attempt = new AbortController();
  const giveUp = (): void => attempt.abort(signal?.reason);
  const expire = (): void => attempt.abort(new DOMException('it took too long', 'TimeoutError'));
  const finite = connectTimeoutMs !== Number.POSITIVE_INFINITY;
  // Not AbortSignal.timeout, which would be there until the time is over, however fast the connection came up.
  const timer = finite ? setTimeout(expire, connectTimeoutMs).unref() : undefined;
  if (signal?.aborted) giveUp();
  else signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await open(attempt.signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!attempt.signal.aborted) throw error;
    throw new ConnectError('CONNECT_TIMEOUT', {
      address: locator?.target ?? addressOf(options),
      problem: `it took longer than ${connectTimeoutMs} ms`,
      retryable: true,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
