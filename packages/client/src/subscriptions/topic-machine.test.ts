import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TopicEvent, type TopicState, topicStep } from './topic-machine.js';

const EVENTS: readonly TopicEvent[] = ['look', 'confirmed', 'refused', 'ended', 'withdrawn', 'retry', 'lost'];

/** What each event does, wanted and not wanted; `·` for nothing, and after `/` what is sent or set up. */
const TABLE: readonly (readonly [TopicState, boolean, string])[] = [
  // state, wanted: look, confirmed, refused, ended, withdrawn, retry, lost
  ['subscribing', true, '·, active, waiting/retryLater, ·, ·, ·, idle'],
  ['subscribing', false, '·, unsubscribing/unsubscribe, gone, ·, ·, ·, gone'],
  ['active', true, '·, ·, ·, ·, waiting/retryLater, ·, idle'],
  [
    'active',
    false,
    'unsubscribing/unsubscribe, unsubscribing/unsubscribe, unsubscribing/unsubscribe, unsubscribing/unsubscribe, gone, unsubscribing/unsubscribe, gone',
  ],
  ['unsubscribing', true, '·, ·, ·, subscribing/subscribe, ·, ·, idle'],
  ['unsubscribing', false, '·, ·, ·, gone, ·, ·, gone'],
  ['waiting', true, '·, ·, ·, ·, ·, subscribing/subscribe, idle'],
  ['waiting', false, 'gone, gone, gone, gone, gone, gone, gone'],
  ['gone', true, '·, ·, ·, ·, ·, ·, ·'],
  ['gone', false, '·, ·, ·, ·, ·, ·, ·'],
];

describe('the table', () => {
  it.each(TABLE)('%s, wanted: %s', (state, wanted, row) => {
    const steps = EVENTS.map((event) => {
      const step = topicStep(state, event, wanted, true);
      if (step.state === state && step.action === undefined) return '·';
      return step.action === undefined ? step.state : `${step.state}/${step.action}`;
    });
    expect(steps.join(', ')).toBe(row);
  });

  it.each([
    [true, true, { state: 'subscribing', action: 'subscribe' }],
    [true, false, { state: 'idle', action: undefined }],
    [false, true, { state: 'gone', action: undefined }],
  ] as const)('idle, wanted: %s, connected: %s', (wanted, connected, step) => {
    expect(topicStep('idle', 'look', wanted, connected)).toEqual(step);
  });
});

type Move = 'come' | 'go' | 'answer' | 'refuse' | 'withdraw' | 'cut' | 'connect' | 'ring';

/**
 * A topic against a server that answers in order. Whatever happens, the topic never sends a second command before the first
 * has ended, its state is true, and in the end what is wanted is what the server has.
 */
class Model {
  state: TopicState = 'idle';
  wanted = true;
  connected = false;
  has = false;
  retrying = false;
  sent: 'subscribe' | 'unsubscribe' | undefined;

  make(move: Move): void {
    if (this.state === 'gone') {
      if (move !== 'come') return;
      this.state = 'idle';
    }
    switch (move) {
      case 'come':
      case 'go':
        this.wanted = move === 'come';
        this.step('look');
        break;
      case 'connect':
        if (this.connected) return;
        this.connected = true;
        this.step('look');
        break;
      case 'cut':
        if (!this.connected) return;
        this.connected = this.has = false;
        this.sent = undefined;
        this.step('lost');
        break;
      case 'withdraw':
        if (!this.has) return;
        this.has = false;
        this.step('withdrawn');
        break;
      case 'ring':
        if (!this.retrying) return;
        this.step('retry');
        break;
      case 'answer':
      case 'refuse':
        this.answer(move === 'answer');
    }
  }

  answer(well: boolean): void {
    const { sent } = this;
    this.sent = undefined;
    if (sent === undefined) return;
    // A refused UNSUBSCRIBE is one that found nothing: its slot has moved.
    this.has = sent === 'subscribe' && well;
    this.step(sent === 'unsubscribe' ? 'ended' : well ? 'confirmed' : 'refused');
  }

  step(event: TopicEvent): void {
    const { state, action } = topicStep(this.state, event, this.wanted, this.connected);
    this.state = state;
    if (state !== 'waiting') this.retrying = false;
    if (action === 'retryLater') this.retrying = true;
    else if (action !== undefined) {
      expect(this.sent).toBeUndefined();
      expect(this.connected).toBe(true);
      this.sent = action;
    }
    if (state === 'active') expect(this.has).toBe(true);
    if (state === 'gone') expect(this.wanted || this.has).toBe(false);
    expect(this.sent !== undefined).toBe(state === 'subscribing' || state === 'unsubscribing');
    expect(this.retrying).toBe(state === 'waiting');
  }
}

it('ends where it should, whatever happens in between', () => {
  const move = fc.constantFrom<Move>('come', 'go', 'answer', 'refuse', 'withdraw', 'cut', 'connect', 'ring');
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const model = new Model();
      for (const each of moves) model.make(each);
      for (let i = 0; i < 4; i++) for (const each of ['connect', 'ring', 'answer'] as const) model.make(each);
      expect(model.state).toBe(model.wanted ? 'active' : 'gone');
      expect(model.has).toBe(model.wanted);
    }),
    { numRuns: 1_000 },
  );
});
