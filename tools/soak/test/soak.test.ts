import { expect, it } from 'vitest';
import { checkOf, runSoak } from './run-soak.js';

/** A run goes on for longer on a slow machine, and coming to rest may take as long as faults have lasted. */
const TIMEOUT_MS = 400_000;

it(
  'all packages hold for fifteen seconds of faults',
  async () => {
    const { status, output } = await runSoak('--seconds', '15');
    expect(output).not.toMatch(/FAILED/);
    expect(status, output).toBe(0);
    expect(output.match(/^ {2}ok /gm)).toHaveLength(14);
  },
  TIMEOUT_MS,
);

// What is broken is found however slow the machine is.
it.concurrent(
  'finds what is broken on purpose',
  async () => {
    const { status, output } = await runSoak(
      ...['--seconds', '8', '--defect', 'drop,swap,heap,timer,rejection,process'],
    );
    expect(status, output).toBe(1);
    const finds = (check: string, problem: RegExp): void =>
      expect(checkOf(output, check), output).toMatch(problem);
    finds('client', /asked for the echo of/);
    finds('subscriptions', /misses \d+/);
    finds('cache', /was read as/);
    finds('channel', /messages are lost/);
    finds('channel-reliable', /messages are lost/);
    finds('channel-requests', /was answered by/);
    finds('pubsub-manager', /heard \d+ instead of/);
    finds('sse-persistence', /got event \d+ for \w+ instead of/);
    finds('vlcp-compat', /the lock/);
    finds('heap', /grew by/);
    finds('handles', /grew by/);
    finds('rejections', /a planted rejection/);
    finds('left behind', /Timeout.*child process/s);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'finds what comes twice',
  async () => {
    const only = ['subscriptions', 'channel', 'channel-requests', 'pubsub-manager', 'sse-persistence'];
    const { status, output } = await runSoak(
      ...['--seconds', '4', '--defect', 'repeat', ...only.flatMap((name) => ['--only', name])],
    );
    expect(status, output).toBe(1);
    const finds = (check: string, problem: RegExp): void =>
      expect(checkOf(output, check), output).toMatch(problem);
    finds('subscriptions', /got (\d+) after \1/);
    finds('channel', /came twice/);
    finds('channel-requests', /was handled twice/);
    finds('pubsub-manager', /heard \d+ instead of/);
    finds('sse-persistence', /got event \d+ for \w+ instead of/);
  },
  TIMEOUT_MS,
);

it('says what may be asked for', async () => {
  const { status, output } = await runSoak('--only', 'nothing');
  expect(status).toBe(2);
  expect(output).toMatch(/--only must be one of client, .*vlcp-compat, not "nothing".*--seed/s);
});
