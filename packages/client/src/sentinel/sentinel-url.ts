/** The parts of a URL that names sentinels. */
export interface SentinelUrl {
  readonly sentinels: readonly string[];
  /** The master's name, as it stands there; empty when there is none. */
  readonly name: string;
  /** A URL that says the rest: TLS, login and database. */
  readonly rest: string;
}

/** `redis+sentinel://user:password@host:port,host:port/name/db`, also with `rediss`, `valkey` and `valkeys`. */
const SENTINEL_URL = /^(redis|valkey)(s?)\+sentinel:\/\/([^/?#]*)\/?([^/?#]*)(.*)$/i;

/** Takes it apart, since no URL has several hosts; `undefined` when it is one of another kind. */
export function splitSentinelUrl(text: string): SentinelUrl | undefined {
  const parts = SENTINEL_URL.exec(text);
  if (parts === null) return undefined;
  const [, scheme, s, authority = '', name = '', rest = ''] = parts;
  const hostsAt = authority.lastIndexOf('@') + 1;
  return {
    sentinels: authority.slice(hostsAt).split(','),
    name,
    rest: `${scheme}${s}://${authority.slice(0, hostsAt)}localhost${rest}`,
  };
}
