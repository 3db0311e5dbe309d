import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until it is so; for what nobody tells, as the state of a server. */
export async function until(check: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > giveUpAt) throw new Error(`not so after ${timeoutMs} ms: ${check.toString()}`);
    await sleep(5);
  }
}
