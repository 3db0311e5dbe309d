import { RedisError } from '@redlane/resp3-core';
import type { Delivery, Phase } from './errors.js';
import { deliveryOf } from './retry.js';

const NO_CLUSTER =
  "this client does not route in a cluster: use ioredis's Cluster with ioredisDriver from @redlane/client/ioredis";

/**
 * The server answered a command with an error. `code` is the server's (`WRONGTYPE`), the message its own text. Match it by
 * `code`.
 */
export class ReplyError extends RedisError implements Delivery {
  override readonly name: string = 'ReplyError';
  /** The command's name, without arguments. */
  readonly command: string;
  /** `false` when the code proves that nothing was executed. */
  readonly maybeExecuted: boolean;
  readonly phase: Phase;
  /** What to do about it, where the server's message does not tell: for MOVED and ASK. */
  readonly advice: string | undefined;

  constructor(reply: RedisError, command: string) {
    super(reply.message);
    const { maybeExecuted, phase } = deliveryOf(reply.code, command);
    this.command = command;
    this.maybeExecuted = maybeExecuted;
    this.phase = phase;
    this.advice = reply.code === 'MOVED' || reply.code === 'ASK' ? NO_CLUSTER : undefined;
  }
}
