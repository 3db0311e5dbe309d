/**
 * The servers that `REDIS_SERVERS` names: paths of redis-server or valkey-server executables, separated by commas, or by
 * what separates paths on this system. `undefined` is the one that is found when it names none.
 */
export function serversOf(
  env: Readonly<Record<string, string | undefined>>,
  separator: string,
): (string | undefined)[] {
  const { REDIS_SERVERS = '' } = env;
  const named = REDIS_SERVERS.split(',')
    .flatMap((part) => part.split(separator))
    .map((path) => path.trim())
    .filter((path) => path !== '');
  return named.length === 0 ? [undefined] : [...new Set(named)];
}
