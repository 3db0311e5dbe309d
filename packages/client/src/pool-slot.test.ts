import { describe, expect, it } from 'vitest';
import type { FakeConnection } from './pool-fake.js';
import { PoolSlot, type SlotEvent, type SlotState, TRANSITIONS } from './pool-slot.js';

/** A way to each state. */
const PATHS: Record<SlotState, readonly SlotEvent[]> = {
  created: [],
  connecting: ['dial'],
  idle: ['dial', 'dialed'],
  checking: ['dial', 'dialed', 'check'],
  inUse: ['dial', 'dialed', 'take'],
  resetting: ['dial', 'dialed', 'take', 'reset'],
  closed: ['dial', 'dialFailed'],
};

/** What may happen in each state, written out so that the table cannot grow an edge unseen. */
const POSSIBLE: Record<SlotState, readonly SlotEvent[]> = {
  created: ['dial'],
  connecting: ['dialed', 'dialFailed', 'destroy'],
  idle: ['take', 'check', 'evict', 'remove', 'died', 'destroy'],
  checking: ['checkPassed', 'checkFailed', 'remove', 'died', 'destroy'],
  inUse: ['giveBack', 'reset', 'discard', 'remove', 'died', 'destroy'],
  resetting: ['resetDone', 'resetFailed', 'remove', 'died', 'destroy'],
  closed: [],
};

function slotIn(state: SlotState): PoolSlot<FakeConnection> {
  const slot = new PoolSlot<FakeConnection>();
  for (const event of PATHS[state]) slot.apply(event);
  return slot;
}

describe.each(Object.keys(PATHS) as SlotState[])('a slot that is %s', (state) => {
  it.each(Object.keys(TRANSITIONS) as SlotEvent[])('%s', (event) => {
    const slot = slotIn(state);
    expect(slot.state).toBe(state);
    if (POSSIBLE[state].includes(event)) {
      slot.apply(event);
      expect(slot.state).toBe(TRANSITIONS[event].to);
    } else {
      expect(() => slot.apply(event)).toThrow(`${event} is impossible in state ${state}`);
      expect(slot.state).toBe(state);
    }
  });
});

it('has no connection to give before it is opened', () => {
  expect(() => slotIn('connecting').connection).toThrow('no connection yet');
});
