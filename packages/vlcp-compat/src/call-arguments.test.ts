import { expect, it } from 'vitest';
import { parseCall } from './call-arguments.js';
import { RoutineContainer } from './routine-container.js';

const container = new RoutineContainer();
const { signal } = new AbortController();

it.each([
  [[], [], undefined],
  [['GET', 'a'], ['GET', 'a'], undefined],
  [[container, 'GET', 'a'], ['GET', 'a'], container.signal],
  [['GET', 'a', { signal }], ['GET', 'a'], signal],
  [[['GET', 'a'], { signal }], [['GET', 'a']], signal],
  [[container], [], container.signal],
  [[container, { timeoutMs: 5 }], [], container.signal],
  // Bytes and lists are arguments.
  [['SET', Buffer.from('a')], ['SET', Buffer.from('a')], undefined],
  [[['a'], ['b']], [['a'], ['b']], undefined],
  [[null], [null], undefined],
])('%j', (call, args, expected) => {
  const parsed = parseCall(call);
  expect(parsed.args).toEqual(args);
  expect(parsed.options.signal).toBe(expected);
});

it('either of two signals ends the call', () => {
  const scope = new RoutineContainer();
  const controller = new AbortController();
  const byScope = parseCall([scope, { signal: controller.signal }]).options.signal;
  const other = parseCall([new RoutineContainer(), { signal: controller.signal }]).options.signal;
  scope.terminate();
  expect([byScope?.aborted, other?.aborted]).toEqual([true, false]);
  controller.abort();
  expect(other?.aborted).toBe(true);
});
