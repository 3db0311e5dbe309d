import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SSEChannel } from '@redlane/sse-persistence';

/** Serves a channel on a free loopback port. Listeners are named in the query. */
export class HttpNode {
  readonly #server: Server;

  static async start(channel: SSEChannel): Promise<HttpNode> {
    const server = createServer((req, res) => {
      const listener = new URL(req.url ?? '', 'http://localhost').searchParams.get('listener') ?? undefined;
      channel.pipe(req, res, { listener }).catch(() => res.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpNode(server);
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
