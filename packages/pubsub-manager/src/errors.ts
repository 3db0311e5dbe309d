export type PubSubErrorCode = 'LISTENER_OVERFLOW' | 'MANAGER_CLOSED';

/** Errors of this package's own. Match them by `code`; all others come from `@redlane/client`. */
export abstract class PubSubError extends Error {
  override readonly name: string = 'PubSubError';
  readonly code: PubSubErrorCode;

  constructor(code: PubSubErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A listener with the policy `error` did not keep up (`LISTENER_OVERFLOW`). It has been unregistered. */
export class ListenerOverflowError extends PubSubError {
  override readonly name: string = 'ListenerOverflowError';
  declare readonly code: 'LISTENER_OVERFLOW';
  /** How many messages may wait. */
  readonly limit: number;

  constructor(topic: string, limit: number) {
    super(
      'LISTENER_OVERFLOW',
      `more than ${limit} messages of ${JSON.stringify(topic)} waited for a listener, which has been unregistered: make ` +
        'it faster, raise queue.limit, or choose another queue.policy',
    );
    this.limit = limit;
  }
}

/** The manager, or the scope, has been closed (`MANAGER_CLOSED`). No client was opened. */
export class ManagerClosedError extends PubSubError {
  override readonly name: string = 'ManagerClosedError';
  declare readonly code: 'MANAGER_CLOSED';

  /** `what` was closed: `the manager`, or a scope by its name. */
  constructor(what: string) {
    super('MANAGER_CLOSED', `${what} is closed and opens no clients: make a new one`);
  }
}
