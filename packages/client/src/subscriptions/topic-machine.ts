/**
 * What is known of a topic at the server:
 * - `idle`: there is no connection.
 * - `subscribing`: SUBSCRIBE is on its way.
 * - `active`: the server has confirmed.
 * - `unsubscribing`: UNSUBSCRIBE and its fence are on their way.
 * - `waiting`: the server has ended it, or has not let us restore it; it is asked again after a while.
 * - `gone`: nobody wants it, and the server has none of it.
 */
export type TopicState = 'idle' | 'subscribing' | 'active' | 'unsubscribing' | 'waiting' | 'gone';

export type TopicEvent =
  /** Somebody has come or gone, or there is a connection. */
  | 'look'
  /** The push that confirms SUBSCRIBE has come. */
  | 'confirmed'
  /** SUBSCRIBE got an error. */
  | 'refused'
  /** UNSUBSCRIBE has been executed, or got an error. */
  | 'ended'
  /** The server has ended it by itself. */
  | 'withdrawn'
  /** The time to ask again. */
  | 'retry'
  /** The connection is gone. */
  | 'lost';

export type TopicAction = 'subscribe' | 'unsubscribe' | 'retryLater' | undefined;

export interface TopicStep {
  readonly state: TopicState;
  readonly action: TopicAction;
}

/**
 * Brings what is into line with what is wanted, one step at a time. There is never more than one command under way for a
 * topic: what is wanted meanwhile is looked at when that has ended. What does not fit the state changes nothing.
 */
export function topicStep(
  state: TopicState,
  event: TopicEvent,
  wanted: boolean,
  connected: boolean,
): TopicStep {
  if (event === 'lost' && state !== 'gone') return stay(wanted ? 'idle' : 'gone');
  switch (state) {
    case 'idle':
      if (!wanted) return stay('gone');
      return connected ? { state: 'subscribing', action: 'subscribe' } : stay(state);
    case 'subscribing':
      if (event === 'confirmed') return wanted ? stay('active') : end;
      if (event === 'refused') return wanted ? later : stay('gone');
      return stay(state);
    case 'active':
      if (!wanted) return event === 'withdrawn' ? stay('gone') : end;
      return event === 'withdrawn' ? later : stay(state);
    case 'unsubscribing':
      if (event !== 'ended') return stay(state);
      return wanted ? { state: 'subscribing', action: 'subscribe' } : stay('gone');
    case 'waiting':
      if (!wanted) return stay('gone');
      return event === 'retry' ? { state: 'subscribing', action: 'subscribe' } : stay(state);
    case 'gone':
      return stay(state);
  }
}

const end: TopicStep = { state: 'unsubscribing', action: 'unsubscribe' };
const later: TopicStep = { state: 'waiting', action: 'retryLater' };

function stay(state: TopicState): TopicStep {
  return { state, action: undefined };
}
