/** The oldest server that the packages support. */
export const oldestSupported = '6.2';

/** Which server an executable is, and how new. */
export interface ServerVersion {
  readonly name: 'redis' | 'valkey';
  /** Three numbers with dots. */
  readonly version: string;
}

/** Reads what `redis-server --version` or `valkey-server --version` prints, `undefined` when it is something else. */
export function parseServerVersion(output: string, executable: string): ServerVersion | undefined {
  const version = /\bv=(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined || !/server/i.test(output)) return undefined;
  // Valkey 7.2 prints only "Server v=", so the file's name has to help.
  return { name: /valkey/i.test(`${output} ${executable}`) ? 'valkey' : 'redis', version };
}

/** True when `version` is `wanted` or newer; `wanted` may leave out its last numbers. */
export function isAtLeast(version: string, wanted: string): boolean {
  const have = version.split('.').map(Number);
  for (const [index, want] of wanted.split('.').map(Number).entries()) {
    const difference = (have[index] ?? 0) - want;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
