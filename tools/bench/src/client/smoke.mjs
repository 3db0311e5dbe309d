import { Runner } from './runner.mjs';
import { scenarioTitle, textOf } from './workload.mjs';

/** Not a multiple of anything: the last round of callers is not full. */
const COMMANDS = 2503;

/**
 * Functional test of the contenders, one after the other: every reply is compared, the server has executed each command
 * once, SET has stored its value, deadlines are on or off as the contender says, and processes end.
 *
 * @param {import('./contenders.mjs').Contender[]} contenders
 * @param {Awaited<ReturnType<typeof import('./target.mjs').openTarget>>} opened
 */
export async function smoke(contenders, scenarios, opened) {
  const outcome = { checked: 0, failures: [], notes: [], missing: [] };
  for (const contender of contenders) {
    const runner = new Runner(contender);
    try {
      if (await runner.connect(opened.target)) {
        for (const scenario of scenarios) {
          outcome.checked++;
          for (const problem of await problemsOf(runner, scenario, opened))
            outcome.failures.push(`${contender.id}, ${scenarioTitle(scenario)}: ${problem}`);
        }
      } else outcome.missing.push(contender);
      if (!(await runner.close())) {
        const text = `${contender.id}: its process had to be killed after the client was closed`;
        (contender.kind === 'peer' ? outcome.notes : outcome.failures).push(text);
      }
    } catch (error) {
      await runner.kill();
      outcome.failures.push(error.message);
    }
  }
  return outcome;
}

async function problemsOf(runner, scenario, opened) {
  const { op, size } = scenario;
  if (op === 'set') await opened.forget(size);
  const before = await opened.executed(op);
  const { done, signalTimers } = await runner.exact(scenario, COMMANDS);
  const executed = (await opened.executed(op)) - before;

  const problems = [];
  if (done !== COMMANDS) problems.push(`${done} replies to ${COMMANDS} commands`);
  if (executed !== COMMANDS) problems.push(`the server executed ${executed} of ${COMMANDS} commands`);
  if (op === 'set' && (await opened.stored(size)) !== textOf(size)) problems.push('another value was stored');
  const perCommand = runner.contender.signalTimers;
  if (perCommand !== undefined && signalTimers !== perCommand * COMMANDS)
    problems.push(`${signalTimers} signals with a timeout, expected ${perCommand} per command`);
  return problems;
}
