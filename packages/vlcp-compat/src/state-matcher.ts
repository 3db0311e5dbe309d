import type { ClientState, ClientStatus } from '@redlane/client';
import { RedisClientShutdown, RedisSubscriptionEnded } from './errors.js';
import { MatchedEvents } from './matched-events.js';
import { Matcher } from './matcher.js';

/** The subscribe connection has come up or gone down. */
export interface SubscribeStateEvent {
  readonly connected: boolean;
  /** Why it went down. */
  readonly cause: Error | undefined;
}

/** Matches when the subscribe connection comes up, or when it goes down. */
export class StateMatcher extends Matcher<SubscribeStateEvent> {
  protected override readonly what: string;
  readonly #status: ClientStatus;
  readonly #connected: boolean;
  readonly #iterations: Set<MatchedEvents<SubscribeStateEvent>> = new Set();
  #disposed = false;

  /** @internal */
  constructor(status: ClientStatus, connected: boolean) {
    super();
    this.#status = status;
    this.#connected = connected;
    this.what = `waiting for the subscribe connection to ${connected ? 'come up' : 'go down'}`;
  }

  override [Symbol.asyncIterator](): MatchedEvents<SubscribeStateEvent> {
    const states = this.#status[Symbol.asyncIterator]();
    // What it is now is no event.
    let before = this.#status.current.state === 'ready';
    const match = (state: ClientState): SubscribeStateEvent | undefined => {
      const connected = state.state === 'ready';
      const changed = connected !== before;
      before = connected;
      if (!changed || connected !== this.#connected) return undefined;
      return { connected, cause: 'cause' in state ? state.cause : undefined };
    };
    const events: MatchedEvents<SubscribeStateEvent> = MatchedEvents.of(states, match, () => {
      this.#iterations.delete(events);
    });
    this.#iterations.add(events);
    if (this.#disposed) void events.return();
    return events;
  }

  protected override ending(): Error {
    return this.#disposed ? new RedisSubscriptionEnded(this.what) : new RedisClientShutdown();
  }

  /** Ends its iterations and waits. */
  override async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#iterations].map((events) => events.return()));
  }
}
