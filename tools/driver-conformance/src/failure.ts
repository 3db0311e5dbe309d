/** What ends a call of a driver: every error has a code, and says whether the command may have been executed. */
type Failure = Error & {
  readonly code: string;
  readonly maybeExecuted?: boolean;
  readonly phase?: string;
};

/** The error of a call that must fail. */
export async function failure(call: PromiseLike<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('the call should have failed, and did not');
}
