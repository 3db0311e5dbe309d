import {
  type CommandArgument,
  encodeCommand,
  encodeNode,
  Resp3Reader,
  type RespNode,
} from '@redlane/resp3-core';
import { commandName } from '../routing.js';
import type { ConnectionTap, TappedConnection } from './connection-tap.js';
import { Pairing } from './pairing.js';
import type { RecordingSink } from './recording-sink.js';
import { nameOnly, type Redaction, redactCommand, type Secrecy } from './redact-command.js';
import { redactExec, redactReply } from './redact-reply.js';

/** Changes the arguments of a command before they are recorded; its name stands first. */
export type Redact = (args: readonly CommandArgument[]) => readonly CommandArgument[];

/** What is known of a command when its reply comes. */
interface Request {
  readonly secrecy: Secrecy;
  /** Of EXEC: the commands that it executes. */
  readonly queued?: readonly Secrecy[] | undefined;
}

/**
 * Records one connection: commands by their arguments, and replies whole, so that nothing depends on how the bytes were
 * cut into chunks, and so that each reply is known by its command when secrets are taken out.
 */
export class ConnectionRecording implements ConnectionTap {
  readonly #sink: RecordingSink;
  readonly #connection: TappedConnection;
  readonly #number: number;
  readonly #redact: Redact | undefined;
  #reader: Resp3Reader<true> | undefined;
  #pairing: Pairing<Request> = new Pairing();
  /** The commands since MULTI; `undefined` outside of a transaction. */
  #queued: Secrecy[] | undefined;
  /** Bytes since the last whole object. */
  #unfinished = 0;
  #state: 'waiting' | 'recording' | 'over' = 'waiting';

  constructor(sink: RecordingSink, connection: TappedConnection, number: number, redact: Redact | undefined) {
    this.#sink = sink;
    this.#connection = connection;
    this.#number = number;
    this.#redact = redact;
    this.#begin();
  }

  sent(args: readonly CommandArgument[]): void {
    if (this.#state === 'waiting') this.#begin();
    if (this.#state !== 'recording' || this.#over()) return;
    const { args: shown, secrecy } = this.#redacted(args);
    this.#pairing.sent(args, { secrecy, queued: this.#transaction(args, secrecy) });
    this.#write('command', encodeCommand(shown));
  }

  received(chunk: Uint8Array): void {
    if (this.#state === 'waiting') this.#begin();
    const reader = this.#reader;
    if (this.#state !== 'recording' || reader === undefined || this.#over()) return;
    // An object that is too large for the recording is not kept until it is whole.
    this.#unfinished += chunk.length;
    if (!this.#sink.fits(this.#unfinished)) return;
    try {
      reader.feed(chunk);
      for (const node of reader.objects()) {
        this.#unfinished = 0;
        this.#take(node);
      }
    } catch (error) {
      this.#reader = undefined;
      this.#sink.write({ k: 'unreadable', c: this.#number, why: (error as Error).message });
    }
  }

  ended(cause?: Error): void {
    if (this.#state === 'recording') {
      this.#sink.write({ k: 'close', c: this.#number, why: cause?.message ?? 'the recording was ended' });
    }
    this.#end();
  }

  /** Between two replies only: in the midst of one, nobody can tell where the next begins. */
  #begin(): void {
    const { midReply, address, owedReplies, replyLimits } = this.#connection;
    if (midReply) return;
    this.#state = 'recording';
    this.#pairing = new Pairing(owedReplies);
    this.#reader = new Resp3Reader({ typed: true, replies: 'bytes', limits: replyLimits });
    this.#sink.write({ k: 'open', c: this.#number, at: address, earlier: owedReplies });
  }

  #take(node: RespNode): void {
    const paired = this.#pairing.take(node);
    if (paired.kind === 'push') {
      this.#write('push', encodeNode(node));
      return;
    }
    // What was asked for before the recording may be anything.
    const { secrecy, queued }: Request = paired.kind === 'reply' ? paired.to : { secrecy: 'all' };
    const shown = queued === undefined ? redactReply(node, secrecy) : redactExec(node, queued);
    this.#write('reply', encodeNode(shown));
  }

  #redacted(args: readonly CommandArgument[]): Redaction {
    const redaction = redactCommand(args);
    if (this.#redact === undefined) return redaction;
    try {
      const shown = this.#redact(redaction.args);
      if (shown === redaction.args) return redaction;
      encodeCommand(shown);
      return { args: shown, secrecy: redaction.secrecy === 'none' ? 'errors' : redaction.secrecy };
    } catch {
      return nameOnly(args);
    }
  }

  /** Keeps account of MULTI. Gives EXEC what it executes. */
  #transaction(args: readonly CommandArgument[], secrecy: Secrecy): readonly Secrecy[] | undefined {
    const name = commandName(args[0]);
    const queued = this.#queued;
    if (name === 'EXEC') {
      this.#queued = undefined;
      return queued ?? [];
    }
    if (name === 'MULTI') this.#queued = [];
    else if (name === 'DISCARD' || name === 'RESET') this.#queued = undefined;
    else queued?.push(secrecy);
    return undefined;
  }

  #write(kind: 'command' | 'reply' | 'push', bytes: Uint8Array): void {
    if (!this.#sink.fits((bytes.length / 3) * 4)) return;
    const resp = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    this.#sink.write({ k: kind, c: this.#number, resp });
  }

  #over(): boolean {
    if (this.#sink.ended !== undefined) this.#end();
    return this.#state === 'over';
  }

  #end(): void {
    this.#state = 'over';
    this.#reader = undefined;
    this.#pairing = new Pairing();
    this.#queued = undefined;
  }
}
