import { ConnectError } from '../errors.js';
import { unlessAborted } from '../unless-aborted.js';
import type { Locator } from './locator.js';
import { type AddressProvider, isServerAddress, type ServerAddress } from './server-address.js';

const TARGET = 'the server that address() names';

/** Asks a function of the user's. */
export function addressLocator(address: AddressProvider): Locator {
  return {
    target: TARGET,
    open: async (dial, signal) => dial(await ask(address, signal), signal),
  };
}

async function ask(address: AddressProvider, signal: AbortSignal): Promise<ServerAddress> {
  let given: unknown;
  try {
    given = await unlessAborted(Promise.resolve(address(signal)), signal);
  } catch (error) {
    const why = error instanceof Error && error.message !== '' ? `: ${error.message}` : '';
    throw failed(`address() failed${why}`, true, error);
  }
  if (isServerAddress(given)) return { host: given.host, port: given.port };
  throw failed('address() must give { host, port }, a name without spaces and a port from 1 to 65535', false);
}

function failed(problem: string, retryable: boolean, cause?: unknown): ConnectError {
  return new ConnectError('CONNECT_FAILED', { address: TARGET, problem, retryable, cause });
}
