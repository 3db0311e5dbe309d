import type { ServerAddress } from '../../src/index.js';
import { FakeServer } from './fake-server.js';

/** A sentinel that says what a test wants it to say, about one master. */
export class FakeSentinel implements AsyncDisposable {
  /** Where it says that the master is; `undefined`: it knows none. */
  master: ServerAddress | undefined;
  /** Where it says that replicas are. */
  replicas: readonly ServerAddress[] = [];
  readonly #name: string;
  readonly #listeners: Set<{ write(bytes: string): void }> = new Set();
  #server!: FakeServer;

  static async start(master: ServerAddress | undefined, name = 'mymaster'): Promise<FakeSentinel> {
    const sentinel = new FakeSentinel(master, name);
    sentinel.#server = await FakeServer.start(([command = '', what = '', ...rest], { socket }) => {
      if (command === 'SUBSCRIBE') {
        sentinel.#listeners.add(socket);
        return push('subscribe', what, 1);
      }
      if (command !== 'SENTINEL') return undefined;
      if (what === 'REPLICAS')
        return `*${sentinel.replicas.length}\r\n${sentinel.replicas.map(replica).join('')}`;
      if (what !== 'GET-MASTER-ADDR-BY-NAME') return '*0\r\n';
      const { master: known } = sentinel;
      return known === undefined || rest[0] !== name ? '_\r\n' : array(known.host, String(known.port));
    });
    return sentinel;
  }

  private constructor(master: ServerAddress | undefined, name: string) {
    this.master = master;
    this.#name = name;
  }

  get address(): ServerAddress {
    return { host: this.#server.host, port: this.#server.port };
  }

  /** How often it was asked where the master is. */
  get questions(): number {
    return this.#server.commands.filter(([, what]) => what === 'GET-MASTER-ADDR-BY-NAME').length;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#server.open;
  }

  /** Clients that listen for +switch-master, or did. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Names another master from now on, and tells who listens. */
  switchTo(master: ServerAddress): void {
    const { host, port } = this.master ?? master;
    this.master = master;
    const payload = `${this.#name} ${host} ${port} ${master.host} ${master.port}`;
    for (const listener of this.#listeners) listener.write(push('message', '+switch-master', payload));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

function array(...words: string[]): string {
  return `*${words.length}\r\n${words.map(bulk).join('')}`;
}

function replica({ host, port }: ServerAddress): string {
  return array('ip', host, 'port', String(port), 'flags', 'slave', 'master-link-status', 'ok');
}

function push(type: string, channel: string, data: string | number): string {
  const last = typeof data === 'number' ? `:${data}\r\n` : bulk(data);
  return `>3\r\n${bulk(type)}${bulk(channel)}${last}`;
}

function bulk(word: string): string {
  return `$${Buffer.byteLength(word)}\r\n${word}\r\n`;
}
