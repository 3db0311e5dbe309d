/** Whether the probe says yes within the time; one that throws, rejects or never settles says no. */
export async function healthy(probe: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = probe();
    if (timeoutMs === Number.POSITIVE_INFINITY) return await answer;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, false).unref();
    });
    return await Promise.race([answer, late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
