import { writeFileSync } from 'node:fs';
import { environmentLine } from '../report.mjs';
import { environment } from '../versions.mjs';
import { isOwnBuilt, peers } from './contenders.mjs';
import { runJob } from './job.mjs';
import { HELP, parseOptions } from './options.mjs';
import { smoke } from './smoke.mjs';
import { parserTable } from './table.mjs';
import { judge } from './verdict.mjs';

/** `bench parser`: returns the exit code. */
export async function run(args) {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const built = await isOwnBuilt();
  if (!built) console.error('redlane is left out: build @redlane/resp3-core first');
  const code = await (options.smoke ? runSmoke(options) : runBenchmark(options));
  // Peers alone are worth a look, but nothing has been checked then.
  return !built && (options.check || options.smoke) ? 1 : code;
}

async function runSmoke({ corpora, modes }) {
  const { comparisons, failures } = await smoke(corpora, modes);
  for (const failure of failures) console.error(failure);
  console.log(`${comparisons} comparisons, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

async function runBenchmark({ corpora, modes, chunks, rounds, json, check }) {
  const setting = environment([...peers.map((peer) => peer.package), '@redlane/resp3-core']);
  const peerIds = peers.map(({ id }) => id);
  const judged = [];
  for (const mode of modes) {
    const ofMode = [];
    for (const corpus of corpora) {
      console.error(`${mode}, ${chunks}: ${corpus}`);
      const job = await runJob({ corpus, mode, chunks, rounds });
      ofMode.push({ job, verdicts: judge(job) });
    }
    console.log(`${parserTable(mode, chunks, ofMode, peerIds)}\n`);
    judged.push(...ofMode);
  }
  console.log(environmentLine(setting));
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ environment: setting, jobs: judged }, null, 2)}\n`);

  const problems = judged.flatMap(problemsOf);
  for (const problem of problems) console.error(problem);
  return check && problems.length > 0 ? 1 : 0;
}

function problemsOf({ job, verdicts }) {
  return verdicts.flatMap(({ ours, floors }) =>
    floors
      .filter(({ ok }) => !ok)
      .map(
        ({ peer, ratio, reached }) =>
          `${job.corpus}, ${job.mode}: ${ours} is ${reached.toFixed(2)} × ${peer}, the floor is ${ratio}`,
      ),
  );
}
