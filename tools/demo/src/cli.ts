import { RedisServerError } from '@redlane/redis-server';
import { check } from './check.js';
import { help, parseCli } from './cli-options.js';
import { serve } from './serve.js';
import { UsageError } from './usage-error.js';

const interrupt = new AbortController();
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait; the children end when we are gone.
    if (interrupt.signal.aborted) process.exit(status);
    interrupt.abort();
  });
}

try {
  const options = parseCli(process.argv.slice(2), process.env);
  if (options.mode === 'help') console.log(help);
  else if (options.mode === 'serve') await serve(options, interrupt.signal);
  else if (!(await check(options, interrupt.signal))) process.exitCode = 1;
} catch (error) {
  process.exitCode = 1;
  if (interrupt.signal.aborted) process.exitCode = 130;
  else if (error instanceof UsageError || error instanceof RedisServerError) {
    console.error(`redlane: ${error.message}`);
  } else console.error('redlane: the order desk has failed\n', error);
}
