import type { CommandArgument } from '@redlane/resp3-core';
import { Call, type CallSpec, type RawReplies } from './call.js';
import type { Router } from './router.js';

interface Part {
  readonly slot: number | undefined;
  /** Places of its commands in the whole. */
  readonly places: number[];
  readonly commands: (readonly CommandArgument[])[];
}

/** Sends commands to their nodes, those for one node in one write. Resolves with the replies in the order of the commands. */
export async function sendToNodes(router: Router, spec: CallSpec): Promise<RawReplies> {
  const parts = partsOf(router, spec.commands);
  const replies: unknown[] = new Array(spec.commands.length);
  await Promise.all(
    parts.map(async ({ slot, places, commands }) => {
      const list = await Call.exchange({ ...spec, commands, slot }, (call) => router.submit(call));
      for (const [index, place] of places.entries()) replies[place] = list[index];
    }),
  );
  return replies;
}

function partsOf(router: Router, commands: CallSpec['commands']): readonly Part[] {
  const parts = new Map<string, Part>();
  const keyless: number[] = [];
  const add = (node: string, slot: number | undefined, place: number): void => {
    let part = parts.get(node);
    if (part === undefined) {
      part = { slot, places: [], commands: [] };
      parts.set(node, part);
    }
    part.places.push(place);
    part.commands.push(commands[place] as readonly CommandArgument[]);
  };
  for (const [place, command] of commands.entries()) {
    const slot = router.slotOf([command]);
    // While the slots are not known, those of one slot stay together.
    if (slot === undefined) keyless.push(place);
    else add(router.nodeKeyOf(slot) ?? `slot ${slot}`, slot, place);
  }
  // What has no keys goes along with something that has.
  const [first] = parts.keys();
  for (const place of keyless) add(first ?? '', undefined, place);
  return [...parts.values()];
}
