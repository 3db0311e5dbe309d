import type { Readable } from 'node:stream';
import type { RespNode } from '@redlane/resp3-core';
import { commandName } from '../routing.js';
import { textOf } from '../subscriptions/text-of.js';
import { Pairing } from './pairing.js';
import { type ReadOptions, type RecordedEvent, readRecording } from './read-recording.js';
import { REDACTED } from './redact-command.js';

/** Something in a recording that must not be. */
export interface Misalignment {
  readonly line: number;
  readonly connection: number;
  readonly problem: string;
}

/** What was found in a recording. */
export interface Validation {
  readonly connections: number;
  readonly commands: number;
  readonly replies: number;
  readonly pushes: number;
  /** Error replies. */
  readonly errors: number;
  /** Commands without a reply when their connection, or the recording, ended. */
  readonly unanswered: number;
  /** Empty when every reply is that of a command. */
  readonly problems: readonly Misalignment[];
}

/** More problems than these say nothing new. */
const MOST_PROBLEMS = 100;

type Words = readonly (string | Uint8Array)[];

/**
 * Reads a recording and checks that every reply is that of a command: that there are not too many, that none comes before
 * its command, and that those which can be told by their content (PING, ECHO, MULTI, EXEC) stand in their places.
 *
 * @throws RecordingError (`INVALID_RECORDING`), and what `readRecording` throws
 */
export async function validate(source: string | Readable, options?: ReadOptions): Promise<Validation> {
  const connections = new Map<number, ConnectionCheck>();
  const problems: Misalignment[] = [];
  const counts = { connections: 0, commands: 0, replies: 0, pushes: 0, errors: 0, unanswered: 0 };
  for await (const event of readRecording(source, options)) {
    if (event.kind === 'end') continue;
    const { line, connection } = event;
    if (event.kind === 'open') {
      counts.connections++;
      connections.set(connection, new ConnectionCheck(event.earlier));
      continue;
    }
    const check = connections.get(connection);
    if (event.kind === 'command') counts.commands++;
    if (event.kind === 'push') counts.pushes++;
    if (event.kind === 'reply') {
      counts.replies++;
      if (event.node.type === '-' || event.node.type === '!') counts.errors++;
    }
    if (event.kind === 'close') {
      counts.unanswered += check?.unanswered ?? 0;
      connections.delete(connection);
    }
    const problem = check === undefined ? 'the connection is not open' : check.take(event);
    if (problem !== undefined && problems.length < MOST_PROBLEMS)
      problems.push({ line, connection, problem });
  }
  for (const check of connections.values()) counts.unanswered += check.unanswered;
  return { ...counts, problems };
}

/** What is going on on one connection. */
class ConnectionCheck {
  readonly #pairing: Pairing<Words>;
  /** Commands since MULTI that were not refused; `undefined` outside of a transaction. */
  #queued: number | undefined;
  #readable = true;

  constructor(earlier: number) {
    this.#pairing = new Pairing(earlier);
  }

  get unanswered(): number {
    return this.#readable ? this.#pairing.open : 0;
  }

  /** What is wrong, if something is. */
  take(event: RecordedEvent): string | undefined {
    if (event.kind === 'command') this.#pairing.sent(event.args, event.args);
    else if (event.kind === 'unreadable') this.#readable = false;
    else if (event.kind === 'push' || event.kind === 'reply') return this.#reply(event.node);
    return undefined;
  }

  #reply(node: RespNode): string | undefined {
    const paired = this.#pairing.take(node);
    if (paired.kind === 'stray') {
      return paired.instead === undefined
        ? 'a reply, but no command waits for one'
        : `a reply, but ${commandName(paired.instead[0])} has not been confirmed`;
    }
    return paired.kind === 'reply' ? this.#judge(paired.to, node) : undefined;
  }

  #judge(args: Words, node: RespNode): string | undefined {
    const name = commandName(args[0]);
    const isError = node.type === '-' || node.type === '!';
    if (name === 'EXEC') return this.#judgeExec(node);
    if (name === 'MULTI' && !isError) this.#queued = 0;
    else if (name === 'DISCARD' || name === 'RESET') this.#queued = undefined;
    else if (this.#queued !== undefined && name !== 'WATCH') {
      if (isError) return undefined;
      this.#queued++;
      return expected(name, 'QUEUED', node);
    }
    if (isError || args.includes(REDACTED)) return undefined;
    if (name === 'MULTI') return expected(name, 'OK', node);
    if (name === 'ECHO') return expected(name, textOf(args[1]), node);
    return name === 'PING' ? expected(name, args.length === 1 ? 'PONG' : textOf(args[1]), node) : undefined;
  }

  #judgeExec(node: RespNode): string | undefined {
    const queued = this.#queued;
    this.#queued = undefined;
    if (queued === undefined || node.type !== '*' || node.value === null) return undefined;
    if (node.value.length === queued) return undefined;
    return `EXEC has ${node.value.length} replies for ${queued} commands`;
  }
}

function expected(name: string, text: string | undefined, node: RespNode): string | undefined {
  // While something is subscribed to in RESP2, PING is answered by an array.
  if (node.type === '*') return undefined;
  const got = textOf(node.value);
  return got === text || got === REDACTED ? undefined : `not a reply to ${name}`;
}
