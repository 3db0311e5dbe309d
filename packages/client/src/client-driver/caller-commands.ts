import type { CommandArgument, RespValue } from '@redlane/resp3-core';
import type { Caller } from '../caller.js';
import type { DriverBatch, DriverBatchOptions, DriverCallOptions, DriverReply } from '../driver.js';
import { CommandRefusedError } from '../errors.js';
import { ReplyError } from '../reply-error.js';
import { commandName } from '../routing.js';
import type { CallerViews } from './caller-views.js';
import { checkDriverCommand, type DriverPlace } from './driver-refusals.js';
import type { InFlight } from './in-flight.js';
import { resp2Bytes, resp2Reply } from './reply-shapes.js';
import { isDescription } from './reply-table.js';

type Commands = readonly (readonly CommandArgument[])[];
type AnyReply = DriverReply | DriverReply<Uint8Array>;
type AnyBatch = DriverBatch | DriverBatch<Uint8Array>;

/** Sends one command by a caller and gives its reply in RESP2's shape. */
export async function sendBy(
  views: CallerViews,
  calls: InFlight,
  args: readonly CommandArgument[],
  options: DriverCallOptions,
  place: DriverPlace,
): Promise<AnyReply> {
  calls.begin();
  try {
    checkDriverCommand(args, place);
    if (options.replies !== 'bytes') return resp2Reply(args, await views.get(options).call<RespValue>(args));
    // In bytes mode nested maps would have lost their shape.
    const view = isDescription(args) ? views.get({ ...options, replies: 'string' }) : views.get(options);
    return resp2Bytes(args, await view.call<RespValue>(args));
  } finally {
    calls.end();
  }
}

/** Sends a batch by a caller and gives its replies in RESP2's shapes. */
export async function batchBy(
  views: CallerViews,
  commands: Commands,
  options: DriverBatchOptions,
  place: 'shared' | 'lease',
): Promise<AnyBatch> {
  const bytes = options.replies === 'bytes';
  for (const args of commands) checkBatched(args, placeOf(place, options), bytes);
  const outcome = await exchange(views.get(options), commands, options.atomic === true);
  if (outcome === undefined) return { aborted: true };
  const shape = bytes ? resp2Bytes : resp2Reply;
  const replies = outcome.map((reply, index) => {
    if (reply instanceof ReplyError) return reply;
    return shape(commands[index] ?? [], reply);
  });
  return { aborted: false, replies } as AnyBatch;
}

/** What a script has returned, in RESP2's shape. */
export function shapeOfScript(reply: RespValue, bytes: boolean): AnyReply {
  return bytes ? resp2Bytes([], reply) : resp2Reply([], reply);
}

function placeOf(place: 'shared' | 'lease', { atomic }: DriverBatchOptions): DriverPlace {
  if (place === 'lease') return atomic === true ? 'lease-atomic' : 'lease-batch';
  return atomic === true ? 'atomic' : 'batch';
}

function checkBatched(args: readonly CommandArgument[], place: DriverPlace, bytes: boolean): void {
  checkDriverCommand(args, place);
  if (bytes && isDescription(args)) {
    throw new CommandRefusedError(commandName(args[0]), {
      reason: 'its nested reply would lose its shape in bytes',
      instead: "leave it out of batches with replies: 'bytes'",
    });
  }
}

async function exchange(
  caller: Caller,
  commands: Commands,
  atomic: boolean,
): Promise<readonly (RespValue | ReplyError)[] | undefined> {
  if (!atomic) return caller.pipeline(commands);
  const outcome = await caller.transaction(commands);
  return outcome.aborted ? undefined : outcome.replies;
}
