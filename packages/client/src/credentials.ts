import { addressOf, type Endpoint } from './address.js';
import type { Credentials, ResolvedOptions } from './client-options.js';
import { ConnectError } from './errors.js';
import { unlessAborted } from './unless-aborted.js';

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
    const asked = Promise.resolve(credentials());
    // A provider that never answers must not outlive the attempt.
    given = signal === undefined ? await asked : await unlessAborted(asked, signal);
  } catch (error) {
    if (signal?.aborted) throw ConnectError.abandoned(options, signal.reason);
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
