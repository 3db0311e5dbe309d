import { addressOf, type Endpoint } from './address.js';
import type { Credentials, ResolvedOptions } from './client-options.js';
import { ConnectError } from './errors.js';

export type LoginOptions = Endpoint & Pick<ResolvedOptions, 'username' | 'password' | 'credentials'>;

export interface Login {
  readonly username: string | undefined;
  readonly password: string;
}

/**
 * Who to log in as, `undefined` for nobody. A provider is asked each time.
 *
 * @throws {@link ConnectError} `AUTH_FAILED` when the provider fails, or gives something else than credentials
 */
export async function loginOf(options: LoginOptions, signal?: AbortSignal): Promise<Login | undefined> {
  const { credentials, username, password } = options;
  if (typeof credentials !== 'function') return normalised(credentials ?? { username, password });
  let given: unknown;
  try {
    given = await unlessAborted(Promise.resolve(credentials()), options, signal);
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    throw failed(options, 'the credential provider failed', error);
  }
  if (isCredentials(given)) return normalised(given);
  throw failed(options, 'the credential provider must give { username?, password? }, both strings');
}

function normalised({ username, password = '' }: Credentials): Login | undefined {
  return username === undefined && password === '' ? undefined : { username, password };
}

function isCredentials(value: unknown): value is Credentials {
  if (typeof value !== 'object' || value === null) return false;
  const { username, password } = value as Record<string, unknown>;
  return [username, password].every((part) => part === undefined || typeof part === 'string');
}

function failed(options: LoginOptions, problem: string, cause?: unknown): ConnectError {
  return new ConnectError('AUTH_FAILED', {
    address: addressOf(options),
    problem,
    retryable: cause !== undefined,
    cause,
  });
}

/** A provider that never answers must not outlive the attempt. */
async function unlessAborted<T>(
  promise: Promise<T>,
  options: LoginOptions,
  signal?: AbortSignal,
): Promise<T> {
  if (signal === undefined) return await promise;
  let giveUp: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(ConnectError.abandoned(options, signal.reason));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (giveUp !== undefined) signal.removeEventListener('abort', giveUp);
  }
}
