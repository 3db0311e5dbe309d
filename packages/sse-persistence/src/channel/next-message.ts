import { NoMessagesException } from '../exceptions.js';
import type { AnyMessage } from '../message/message.js';
import type { ListenerDirectory } from '../store/channel-store.js';
import type { ReadingContext } from './channel-reader.js';
import type { EventWriter } from './event-writer.js';

type Sources = Pick<ReadingContext, 'log' | 'audience' | 'counters'> & {
  readonly directory: ListenerDirectory;
  readonly writer: EventWriter;
};

/** The message behind the one that a listener has got last, which is its last one from now on. @throws NoMessagesException */
export async function nextMessage(
  listenerId: string,
  { log, audience, counters, directory, writer }: Sources,
): Promise<AnyMessage> {
  let cursor = audience.noted(listenerId) ?? (await directory.position(listenerId));
  let from: 'now' | 'start' = 'now';
  for (;;) {
    const page = await log.read(cursor, { target: listenerId, from, limit: 1 });
    if (page.reset !== undefined) {
      counters.resets++;
      // All that is kept lies behind a cursor that is too old, or of another life; one that is ahead has seen it.
      cursor = page.reset === 'ahead' ? page.position : undefined;
      from = 'start';
      continue;
    }
    const [entry] = page.entries;
    cursor = entry?.position ?? page.position;
    audience.note(listenerId, cursor);
    const message = entry && writer.message(entry);
    if (message !== undefined) return message;
    if (entry === undefined && !page.more) {
      throw new NoMessagesException(`there are no messages for ${listenerId}`);
    }
  }
}
