/** A failure that the person at the terminal can act on: what went wrong, then what to do. */
export class Failure extends Error {
  name = 'Failure';

  constructor(message, advice, options) {
    super(message, options);
    this.advice = advice;
  }
}

export function report(error) {
  if (error instanceof Failure) {
    console.error(`\nredlane: ${error.message}`);
    if (error.advice) console.error(`         ${error.advice}`);
  } else {
    console.error('\nredlane: unexpected failure', error);
  }
}
