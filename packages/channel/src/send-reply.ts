import { replyList } from './address.js';
import type { ChannelParts } from './channel-parts.js';
import type { ChannelCodec } from './codec.js';
import { type Header, seal } from './envelope.js';
import type { HandlerFailure } from './errors.js';

/** How long a reply waits for its requester, in ms. */
const REPLY_MS = 60_000;

/** What came of a request. */
export type Answer<Outgoing> = { readonly data: Outgoing } | { readonly error: HandlerFailure };

type ReplyParts<Outgoing> = Pick<
  ChannelParts<never, Outgoing, boolean>,
  'driver' | 'sendListName' | 'clock'
> & {
  readonly codec: Pick<ChannelCodec<never, Outgoing>, 'encode'>;
};

/** Sends it to the list of the requester, which expires with it. */
export async function sendReply<Outgoing>(
  { driver, sendListName, codec, clock }: ReplyParts<Outgoing>,
  { id, from = '' }: Header,
  answer: Answer<Outgoing>,
): Promise<void> {
  const list = replyList(sendListName, from, driver);
  const raw = 'data' in answer ? await codec.encode(answer.data) : '';
  const at = (await clock?.now()) ?? 0;
  const error = 'error' in answer ? answer.error : undefined;
  const batch = await driver.batch(
    [
      ['RPUSH', list, seal({ at, re: id, error }, raw)],
      ['PEXPIRE', list, REPLY_MS],
    ],
    { atomic: true },
  );
  if (batch.aborted) return;
  for (const reply of batch.replies) if (reply instanceof Error) throw reply;
}
