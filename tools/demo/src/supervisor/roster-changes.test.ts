import { expect, it } from 'vitest';
import type { Roster } from '../process-messages.js';
import { RosterChanges } from './roster-changes.js';

function roster(node: 'up' | 'restarting', worker: 'up' | 'restarting'): Roster {
  return { nodes: [{ id: 'n1', state: node }], workers: [{ id: 'w1', pid: 1, state: worker }] };
}

it('tells who is back, and after how long', () => {
  const changes = new RosterChanges();
  changes.next(roster('up', 'up'), 0);
  expect(changes.next(roster('restarting', 'up'), 1_000)).toEqual([]);
  expect(changes.next(roster('restarting', 'restarting'), 2_000)).toEqual([]);
  expect(changes.next(roster('up', 'restarting'), 2_500)).toEqual(['web node n1 is up again after 1.5 s']);
  expect(changes.next(roster('up', 'up'), 4_000)).toEqual(['worker w1 is up again after 2.0 s']);
  expect(changes.next(roster('up', 'up'), 5_000)).toEqual([]);
});

it('says nothing of those who come up for the first time', () => {
  const changes = new RosterChanges();
  changes.next(roster('restarting', 'restarting'), 0);
  expect(changes.next(roster('up', 'up'), 1_000)).toEqual([]);
});
