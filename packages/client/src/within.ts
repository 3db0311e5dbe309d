/** Node's timers run out at once beyond this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Whether the promise is fulfilled within so many ms; `Infinity` waits for it. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    if (ms <= MAX_TIMER_MS) timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
