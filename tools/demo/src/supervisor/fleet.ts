import { EventEmitter, once } from 'node:events';
import type { DeskConfig } from '../desk-config.js';
import type { Roster, ToChild } from '../process-messages.js';
import { Child, type ChildKind } from './child.js';

export interface FleetOptions {
  readonly config: DeskConfig;
  readonly workers: readonly string[];
  /** One worker acks one job without doing it. */
  readonly losesOne: boolean;
}

/** All processes of a desk. Emits `change` when one goes or is ready, and `error` when one cannot be started. */
export class Fleet extends EventEmitter<{ change: []; error: [error: Error] }> {
  readonly #children: readonly Child[];
  #hasFailed = false;

  constructor({ config, workers, losesOne }: FleetOptions) {
    super();
    const child = (kind: ChildKind) => (id: string, index: number) =>
      new Child(kind, { ...config, id, losesOne: losesOne && kind === 'worker' && index === 0 }, () =>
        this.#changed(),
      );
    this.#children = [...config.nodes.map(child('node')), ...workers.map(child('worker'))];
  }

  get roster(): Roster {
    return {
      workers: this.#of('worker').map(({ id, pid, state }) => ({ id, pid, state })),
      nodes: this.#of('node').map(({ id, state }) => ({ id, state })),
    };
  }

  /** Web nodes that can be asked. */
  get upstreams(): { readonly id: string; readonly port: number }[] {
    return this.#of('node').flatMap(({ id, port }) => (port === undefined ? [] : [{ id, port }]));
  }

  get isUp(): boolean {
    return this.#children.every(({ state }) => state === 'up');
  }

  /** Resolves when every process is ready. @throws Error when one cannot be started */
  async up(signal?: AbortSignal): Promise<void> {
    while (!this.isUp) await once(this, 'change', { signal });
  }

  /** One of those that are up: which is left to chance. */
  pick(kind: ChildKind): Child | undefined {
    const up = this.#of(kind).filter(({ state }) => state === 'up');
    return up[Math.floor(Math.random() * up.length)];
  }

  tellNodes(message: ToChild): void {
    for (const node of this.#of('node')) node.tell(message);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  #of(kind: ChildKind): Child[] {
    return this.#children.filter((child) => child.kind === kind);
  }

  #changed(): void {
    const failed = this.#children.find(({ isHopeless }) => isHopeless);
    if (failed !== undefined && !this.#hasFailed) {
      this.#hasFailed = true;
      this.emit('error', new Error(`${failed.kind} ${failed.id} ends whenever it is started; see above.`));
    }
    this.tellNodes({ type: 'roster', roster: this.roster });
    this.emit('change');
  }
}
