import { RepositoryError, SSEException } from '../exceptions.js';

/** What was aborted was not a failure of the repository's. */
const AS_THEY_ARE: ReadonlySet<unknown> = new Set(['ABORTED', 'INVALID_OPTION', 'CLOSED']);

/** Does something at Redis. What goes wrong becomes a {@link RepositoryError} that says at what. */
export async function ask<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asRepositoryError(what, error);
  }
}

export function asRepositoryError(what: string, error: unknown): unknown {
  if (error instanceof SSEException || AS_THEY_ARE.has((error as { code?: unknown } | undefined)?.code)) {
    return error;
  }
  return new RepositoryError(what, error);
}
