import type { Topic } from '@redlane/client';
import type { Borrower, Mailbox } from './mailbox.js';
import type { Handle, MessageInfo, Raw } from './message-info.js';

const NOTHING: MessageInfo = Object.freeze({});
const nobody: Handle = () => undefined;

/**
 * Those who get the messages of one topic, in the order in which they came. While a mailbox would hand messages over at once
 * anyway, its handler is called from here: a message then runs along two arrays, and touches no object of a listener.
 */
export class Audience implements Borrower {
  readonly #topic: Topic;
  readonly #info: MessageInfo;
  // Side by side: what is called for a member, how often that was, and the member.
  readonly #handles: Handle[] = [];
  readonly #calls: number[] = [];
  readonly #members: Mailbox[] = [];
  #size = 0;
  #delivering = false;

  constructor(topic: Topic) {
    this.#topic = topic;
    this.#info = 'pattern' in topic ? Object.freeze({ pattern: topic.pattern }) : NOTHING;
  }

  get size(): number {
    return this.#size;
  }

  /** A message that is on its way does not reach it. */
  add(mailbox: Mailbox): void {
    this.#handles.push(mailbox.lend(this) ?? this.#into(mailbox));
    this.#calls.push(0);
    this.#members.push(mailbox);
    this.#size++;
  }

  /** It gets nothing from now on, not even what is on its way. */
  remove(mailbox: Mailbox): void {
    mailbox.recall();
    this.#handles[this.#members.indexOf(mailbox)] = nobody;
    this.#size--;
    if (!this.#delivering) this.#closeRanks();
  }

  /** A message has come. Nothing that a handler throws gets out of here. */
  deliver(channel: string, raw: Raw): void {
    const handles = this.#handles;
    const calls = this.#calls;
    const info = this.#info;
    const end = handles.length;
    const outermost = !this.#delivering;
    this.#delivering = true;
    let i = 0;
    while (i < end) {
      // Entered once for all of them, as long as nobody throws.
      try {
        for (; i < end; i++) {
          calls[i] = (calls[i] as number) + 1;
          const outcome = (handles[i] as Handle)(channel, raw as never, info);
          if (outcome !== undefined) this.#members[i]?.handled(outcome, channel);
        }
      } catch (error) {
        this.#members[i]?.fail(error, channel);
        i++;
      }
    }
    if (!outermost) return;
    this.#delivering = false;
    if (this.#size < end) this.#closeRanks();
  }

  /** How often the handler that it has lent was called. */
  callsOf(mailbox: Mailbox): number {
    return this.#calls[this.#members.indexOf(mailbox)] ?? 0;
  }

  /** It takes its messages itself from now on. */
  giveBack(mailbox: Mailbox): void {
    this.#handles[this.#members.indexOf(mailbox)] = this.#into(mailbox);
  }

  #into(mailbox: Mailbox): Handle {
    const topic = this.#topic;
    return (channel, raw, info) => mailbox.deliver(topic, channel, raw, info);
  }

  #closeRanks(): void {
    const handles = this.#handles;
    let kept = 0;
    for (let i = 0; i < handles.length; i++) {
      if (handles[i] === nobody) continue;
      handles[kept] = handles[i] as Handle;
      this.#calls[kept] = this.#calls[i] as number;
      this.#members[kept] = this.#members[i] as Mailbox;
      kept++;
    }
    handles.length = this.#calls.length = this.#members.length = kept;
  }
}
