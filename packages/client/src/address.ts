/** Where a server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly path: string | undefined;
}

/** An address for messages: `host:port`, `[v6]:port` or the path of a socket. Never has credentials. */
export function addressOf({ host, port, path }: Endpoint): string {
  if (path !== undefined) return path;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
