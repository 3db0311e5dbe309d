/** A seed for this run, or the one to repeat. */
function seedOfRun(): number {
  const { REDLANE_SEED } = process.env;
  return Number(REDLANE_SEED ?? Math.floor(Math.random() * 2 ** 32));
}

/** Runs a check, and says with which seed it failed. */
export async function withSeed(check: (seed: number) => Promise<void>): Promise<void> {
  const seed = seedOfRun();
  try {
    await check(seed);
  } catch (error) {
    throw new Error(`failed; repeat it with REDLANE_SEED=${seed}`, { cause: error });
  }
}
