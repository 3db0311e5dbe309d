/** An address that a node has told (`host:port`), as clients reach it by ioredis's option `natMap`. */
export function addressAfterNat(natMap: unknown, address: string): string {
  const mapped: unknown =
    typeof natMap === 'function'
      ? natMap(address)
      : typeof natMap === 'object' && natMap !== null
        ? (natMap as Record<string, unknown>)[address]
        : undefined;
  if (typeof mapped !== 'object' || mapped === null) return address;
  const { host, port } = mapped as { host?: unknown; port?: unknown };
  return `${host}:${port}`;
}
