import type { Topic } from '@redlane/client';
import type { Borrower, Mailbox } from './mailbox.js';
import type { Handle, MessageInfo, Raw } from './message-info.js';

const NOTHING: MessageInfo = Object.freeze({});
/** As a place in line it is behind all others. */
const NOBODY = 2 ** 30;
const nobody: Handle = () => undefined;

/**
 * Those who get the messages of one topic, in the order in which they came. While a mailbox would hand messages over at once
 * anyway, its handler is called from here: a message then runs along an array, and touches no object of a listener.
 */
export class Audience implements Borrower {
  readonly #topic: Topic;
  readonly #info: MessageInfo;
  // Side by side: what is called for a member, the member, and how many messages there had been when it came.
  readonly #handles: Handle[] = [];
  readonly #members: Mailbox[] = [];
  readonly #since: number[] = [];
  #messages = 0;
  #size = 0;
  /** Whose turn it is with the message that is on its way. */
  #at: number = NOBODY;

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
    this.#members.push(mailbox);
    this.#since.push(this.#messages);
    this.#size++;
  }

  /** It gets nothing from now on, not even what is on its way. */
  remove(mailbox: Mailbox): void {
    mailbox.recall();
    this.#handles[this.#members.indexOf(mailbox)] = nobody;
    this.#size--;
    if (this.#at === NOBODY) this.#closeRanks();
  }

  /** A message has come. Nothing that a handler throws gets out of here. */
  deliver(channel: string, raw: Raw): void {
    const handles = this.#handles;
    const info = this.#info;
    const end = handles.length;
    const outer = this.#at;
    this.#messages++;
    let i = 0;
    while (i < end) {
      // Entered once for all of them, as long as nobody throws.
      try {
        for (; i < end; i++) {
          this.#at = i;
          const outcome = (handles[i] as Handle)(channel, raw as never, info);
          if (outcome !== undefined) this.#members[i]?.handled(outcome, channel);
        }
      } catch (error) {
        this.#members[i]?.fail(error, channel);
        i++;
      }
    }
    this.#at = outer;
    if (outer === NOBODY && this.#size < handles.length) this.#closeRanks();
  }

  /** How often the handler that it has lent was called. */
  callsOf(mailbox: Mailbox): number {
    const place = this.#members.indexOf(mailbox);
    const messages = this.#messages - (this.#since[place] as number);
    // Its turn is yet to come with the one that is on its way, unless it has come itself meanwhile.
    return messages > 0 && place > this.#at ? messages - 1 : messages;
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
      this.#members[kept] = this.#members[i] as Mailbox;
      this.#since[kept] = this.#since[i] as number;
      kept++;
    }
    handles.length = this.#members.length = this.#since.length = kept;
  }
}
