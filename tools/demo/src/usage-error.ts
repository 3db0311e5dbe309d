/** What somebody at the terminal can put right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
