import type { CommandArgument, RespNode } from '@redlane/resp3-core';
import { Ring } from '../ring.js';
import { commandName, PUSH_COMMANDS } from '../routing.js';
import { textOf } from '../subscriptions/text-of.js';

/** Whose reply an object on the wire is. */
export type Paired<Request> =
  | { readonly kind: 'push' }
  | { readonly kind: 'reply'; readonly to: Request }
  /** Of a command before the recording. */
  | { readonly kind: 'earlier' }
  /** Of no command that is known: something is amiss. */
  | { readonly kind: 'stray'; readonly instead: Request | undefined };

interface Entry<Request> {
  readonly request: Request;
  /** The type of the pushes that confirm it; `undefined` for a command that has a reply. */
  readonly confirmedBy: string | undefined;
  /** How many of them come; `undefined` when that is not known. */
  confirmations: number | undefined;
  confirmed: boolean;
}

const MESSAGES: ReadonlySet<string> = new Set(['message', 'pmessage', 'smessage']);

/** Finds out which command each reply belongs to, on one connection: they come in the order of the commands. */
export class Pairing<Request> {
  readonly #entries: Ring<Entry<Request>> = new Ring();
  #earlier: number;
  /** In RESP2 what would be a push is a reply, on connections that subscribe. */
  #subscribes = false;
  #hasPushes = false;

  /** `earlier`: replies that are owed for commands that this one has not seen. */
  constructor(earlier = 0) {
    this.#earlier = earlier;
  }

  /** Commands without an answer; those of pub/sub that were confirmed do not count. */
  get open(): number {
    let open = this.#earlier;
    for (let i = 0; i < this.#entries.length; i++) if (this.#entries.at(i)?.confirmed === false) open++;
    return open;
  }

  sent(args: readonly CommandArgument[], request: Request): void {
    const name = commandName(args[0]);
    const subscribes = PUSH_COMMANDS.has(name);
    this.#subscribes ||= subscribes;
    this.#entries.push({
      request,
      confirmedBy: subscribes ? name.toLowerCase() : undefined,
      confirmations: !subscribes || args.length === 1 || name.includes('UNSUB') ? undefined : args.length - 1,
      confirmed: false,
    });
  }

  take(node: RespNode): Paired<Request> {
    const type = this.#pushType(node);
    if (type !== undefined) {
      this.#confirm(type);
      return { kind: 'push' };
    }
    if (this.#earlier > 0) {
      this.#earlier--;
      return { kind: 'earlier' };
    }
    const isError = node.type === '-' || node.type === '!';
    for (let entry = this.#entries.peek(); entry !== undefined; entry = this.#entries.peek()) {
      if (entry.confirmedBy === undefined || (isError && !entry.confirmed)) {
        this.#entries.shift();
        return { kind: 'reply', to: entry.request };
      }
      // More confirmations are due before anything else may come.
      if (entry.confirmations !== undefined) return { kind: 'stray', instead: entry.request };
      this.#entries.shift();
    }
    return { kind: 'stray', instead: undefined };
  }

  #confirm(type: string): void {
    const entry = this.#entries.peek();
    if (entry === undefined || entry.confirmedBy !== type) return;
    entry.confirmed = true;
    if (entry.confirmations !== undefined && --entry.confirmations === 0) this.#entries.shift();
  }

  #pushType(node: RespNode): string | undefined {
    if (node.type === '>') {
      this.#hasPushes = true;
      return textOf(node.value[0]?.value) ?? '';
    }
    if (!this.#subscribes || this.#hasPushes || node.type !== '*' || node.value === null) return undefined;
    const type = node.value.length < 3 ? undefined : textOf(node.value[0]?.value);
    const isPush = type !== undefined && (MESSAGES.has(type) || PUSH_COMMANDS.has(type.toUpperCase()));
    return isPush ? type : undefined;
  }
}
