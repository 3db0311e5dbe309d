import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tarball } from '@redlane/pack-check';

/** A registry on the loopback interface that has our packed packages, and nothing else. */
export interface ScratchRegistry extends AsyncDisposable {
  readonly url: string;
  /** Every name that was asked for and is neither ours nor a peer: a dependency on somebody else. */
  readonly strangers: ReadonlySet<string>;
}

/** Installing from it is what users do: versions are chosen by ranges, and nothing points to a file or a workspace. */
export async function openRegistry(tarballs: readonly Tarball[]): Promise<ScratchRegistry> {
  const packages = new Map(tarballs.map((tarball) => [tarball.manifest.name, tarball]));
  const peers = new Set(tarballs.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})));
  const strangers = new Set<string>();
  let url = '';
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1).split('?')[0] ?? '');
    const [name = '', file] = path.split('/-/');
    const tarball = packages.get(name);
    if (tarball === undefined) {
      if (request.method === 'GET' && !peers.has(name)) strangers.add(name);
      response.writeHead(404).end('{}');
    } else if (file !== undefined) response.end(tarball.data);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(documentOf(tarball, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    strangers,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a registry says of a package: one version, the latest. */
function documentOf({ manifest, data }: Tarball, url: string): object {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(data).digest('base64')}`;
  const tarball = `${url}${name}/-/${version}.tgz`;
  return {
    name,
    'dist-tags': { latest: version },
    // Not today: package managers distrust what is very new.
    time: { [version]: '2020-01-01T00:00:00.000Z' },
    versions: { [version]: { ...manifest, dist: { integrity, tarball } } },
  };
}
