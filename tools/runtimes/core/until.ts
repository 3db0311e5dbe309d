/** Resolves once `isSo` says so, and rejects after ten seconds. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`never so: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
