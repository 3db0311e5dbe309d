/** Runs a check with a seed of its own, or the one of `REDLANE_SEED`, and says with which it failed. */
export async function withSeed(check: (seed: number) => Promise<void>): Promise<void> {
  const { REDLANE_SEED } = process.env;
  const seed = Number(REDLANE_SEED ?? Math.floor(Math.random() * 2 ** 32));
  try {
    await check(seed);
  } catch (error) {
    throw new Error(`failed; repeat it with REDLANE_SEED=${seed}`, { cause: error });
  }
}
