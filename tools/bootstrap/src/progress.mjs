/** Prints what is being done, and a sign of life every `everyMs` while it lasts. */
export async function step(label, work, { everyMs = 15_000, log = console.log, now = Date.now } = {}) {
  const start = now();
  const seconds = () => `${((now() - start) / 1000).toFixed(1)} s`;
  log(`· ${label}`);
  const timer = setInterval(() => log(`  ${label}: ${seconds()} so far`), everyMs);
  try {
    return await work(seconds);
  } finally {
    clearInterval(timer);
  }
}
