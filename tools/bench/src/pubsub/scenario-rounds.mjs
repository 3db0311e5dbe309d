import { killAll, startRunners } from '../client/runner.mjs';
import { openTarget } from '../client/target.mjs';
import { measure } from '../measure.mjs';
import { environment } from '../versions.mjs';
import { channelsOf } from './messages.mjs';

/**
 * Runs scenarios, all contenders in turns. They subscribe once for each scenario, to channels of their own.
 *
 * @typedef {{ channels: number, listeners: number, idle: number, burst: number }} Scenario `burst`: messages that wait at
 *   the start of each window
 *
 * @param {object} job
 * @param {Scenario[]} job.scenarios
 * @param {{ id: string, package: string }[]} job.contenders
 * @param {string} job.program of their processes
 * @param {number} job.rounds
 * @param {number} job.ms of a pass
 * @param {number} job.warmUps passes before the first round
 * @param {(scenario: Scenario) => string} job.titleOf
 * @returns {Promise<{ setting: object, jobs: (Scenario & { rounds: object[] })[] }>}
 */
export async function runScenarios({ scenarios, contenders, program, rounds, ms, warmUps, titleOf }) {
  const opened = await openTarget([]);
  let runners = [];
  try {
    await opened.letSubscribersLag();
    ({ runners } = await startRunners(contenders, opened.target, program));
    const packages = [...new Set(contenders.map((contender) => contender.package))];
    const setting = { server: await opened.version(), ...environment(packages) };
    const jobs = [];
    for (const scenario of scenarios) {
      console.error(titleOf(scenario));
      for (const [i, runner] of runners.entries()) await begin(runner, scenario, opened.target, i);
      const passes = runners.map((runner) => ({
        id: runner.id,
        pass: () => runner.ask('pass', { ms }),
      }));
      const results = await measure(passes, {
        rounds,
        passes: 1,
        settleMs: 0,
        warmUp: { passes: warmUps, ms: 0, maxMs: 0 },
        costOf: ({ us }) => us,
      });
      for (const runner of runners) await runner.ask('end');
      jobs.push({ ...scenario, rounds: results });
    }
    return { setting, jobs };
  } finally {
    await killAll(runners);
    await opened.close();
  }
}

function begin(runner, { channels, idle, listeners, burst }, target, i) {
  const names = channelsOf(target, channels + idle, i * (channels + idle));
  return runner.ask('begin', {
    scenario: { channels: names.slice(0, channels), idle: names.slice(channels), listeners, burst },
  });
}
