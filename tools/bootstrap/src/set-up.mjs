import { Failure } from './failure.mjs';
import { install } from './install.mjs';
import { checkNodeVersion } from './node-version.mjs';
import { pnpm } from './pnpm.mjs';
import { step } from './progress.mjs';

/** What both commands need: the right Node, the dependencies, a real server, and built packages. */
export async function setUp() {
  checkNodeVersion();
  await step('dependencies', async (seconds) => {
    const outcome = await install();
    console.log(outcome === 'unchanged' ? '  nothing has changed' : `  installed in ${seconds()}`);
  });
  await step('redis-server', async () => {
    const { ok, output } = await pnpm(['--silent', '--filter', '@redlane/redis-server', 'ensure']);
    if (!ok) throw new Failure(output.trim() || 'no redis-server could be found or installed.');
    console.log(`  ${output.trim()}`);
  });
  await step('build', async (seconds) => {
    const { ok, output } = await pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
      env: { TURBO_TELEMETRY_DISABLED: '1' },
    });
    if (!ok) throw new Failure(`the build failed.\n${output.trim()}`);
    console.log(`  built in ${seconds()}`);
  });
}
