import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of HTTP on a free port of the loopback interface. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

interface BunServer {
  readonly port: number;
  stop(force: boolean): Promise<void>;
}
interface Runtimes {
  readonly Bun?: {
    serve(options: { port: number; hostname: string; idleTimeout: number; fetch: Handler }): BunServer;
  };
  readonly Deno?: {
    serve(
      options: { port: number; hostname: string; onListen: () => void },
      handler: Handler,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  };
}
const { Bun, Deno } = globalThis as Runtimes;

/** The Fetch-style server that the runtime itself has; `undefined` in Node, which has none. */
export function serveFetch(handler: Handler): Served | undefined {
  if (Bun !== undefined) {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 30, fetch: handler });
    return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
  }
  if (Deno !== undefined) {
    const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, handler);
    return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
  }
  return undefined;
}

/** A server of `node:http`, which all runtimes have. */
export async function serveNode(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
