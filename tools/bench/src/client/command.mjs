import { writeFileSync } from 'node:fs';
import { environmentLine } from '../report.mjs';
import { environment } from '../versions.mjs';
import { benchmark, warmUp } from './benchmark.mjs';
import { HELP, parseOptions } from './options.mjs';
import { killAll, startRunners } from './runner.mjs';
import { smoke } from './smoke.mjs';
import { costTable, goalTable, missText, ratioTable } from './tables.mjs';
import { openTarget } from './target.mjs';
import { judge } from './verdict.mjs';
import { scenarioTitle } from './workload.mjs';

/** `bench client`: returns the exit code. */
export async function run(args) {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const scenarios = options.inFlight.flatMap((inFlight) =>
    options.sizes.flatMap((size) => options.operations.map((op) => ({ op, size, inFlight }))),
  );
  const opened = await openTarget(options.sizes);
  try {
    return await (options.smoke ? runSmoke : runBenchmark)(options, scenarios, opened);
  } finally {
    await opened.close();
  }
}

async function runSmoke({ contenders }, scenarios, opened) {
  const { checked, failures, notes, missing } = await smoke(contenders, scenarios, opened);
  reportMissing(missing);
  for (const line of [...notes, ...failures]) console.error(line);
  console.log(`${checked} checks, ${failures.length} problems`);
  return failures.length === 0 && missing.length === 0 ? 0 : 1;
}

async function runBenchmark(options, scenarios, opened) {
  const packages = options.contenders.flatMap((contender) => contender.package ?? []);
  const setting = { server: await opened.version(), ...environment([...new Set(packages)]) };
  const { runners, missing } = await startRunners(options.contenders, opened.target);
  reportMissing(missing);
  const judged = [];
  try {
    await warmUp(runners, options);
    for (const scenario of scenarios) {
      console.error(scenarioTitle(scenario));
      const job = await benchmark(runners, scenario, options.rounds);
      judged.push({ job, verdict: judge(job) });
    }
  } finally {
    await killAll(runners);
  }
  return report(options, setting, judged, missing);
}

function report({ json, check }, setting, judged, missing) {
  const hasOwn = judged.some(({ verdict }) => verdict.ratios !== undefined);
  const hasGoals = judged.some(({ verdict }) => verdict.goals.length > 0);
  const tables = [costTable, ...(hasOwn ? [ratioTable] : []), ...(hasGoals ? [goalTable] : [])];
  for (const table of tables) console.log(`${table(judged)}\n`);
  console.log(`${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ environment: setting, jobs: judged }, null, 2)}\n`);

  const misses = judged.flatMap(({ job, verdict }) =>
    verdict.goals.filter(({ level, ok }) => level === 'floor' && !ok).map((goal) => ({ job, goal })),
  );
  for (const miss of misses) console.error(missText(miss));
  // Peers alone are worth a look, but nothing has been checked then.
  return check && (misses.length > 0 || missing.length > 0 || !hasOwn) ? 1 : 0;
}

function reportMissing(missing) {
  if (missing.length === 0) return;
  const ids = missing.map(({ id }) => id).join(', ');
  console.error(`${ids} left out: build @redlane/client first, it has no RedisClient`);
}
