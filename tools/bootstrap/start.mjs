import { report } from './src/failure.mjs';
import { pnpm } from './src/pnpm.mjs';
import { setUp } from './src/set-up.mjs';

try {
  await setUp();
  const { ok } = await pnpm(['--silent', '--filter', '@redlane/demo', 'demo', ...process.argv.slice(2)], {
    show: 'all',
  });
  process.exitCode ||= ok ? 0 : 1;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
