import type { ChannelDict } from '../channel/channel-calls.js';
import { checkDelay, checkRetry, DEFAULT_RETRY_MS } from '../channel/channel-options.js';
import { InvalidChannelException } from '../exceptions.js';

const FIELDS: ReadonlySet<string> = new Set([
  'channel_id',
  'stream_delay_seconds',
  'retry_timeout_milliseconds',
]);

/** As Python's `json.dumps` writes it: byte for byte, so that neither side sees a difference. */
export function encodeChannelDict({ channel_id, ...numbers }: ChannelDict): string {
  const id = JSON.stringify(channel_id).replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return (
    `{"channel_id": ${id}, "stream_delay_seconds": ${numbers.stream_delay_seconds}, ` +
    `"retry_timeout_milliseconds": ${numbers.retry_timeout_milliseconds}}`
  );
}

/** As Python reads it: numbers may be missing, and a field that it does not know makes it no channel. @throws InvalidChannelException */
export function decodeChannelDict(channelId: string, text: string): ChannelDict {
  try {
    const dict: unknown = JSON.parse(text);
    if (typeof dict !== 'object' || dict === null || Array.isArray(dict)) throw new Error('it is no object');
    const stranger = Object.keys(dict).find((field) => !FIELDS.has(field));
    if (stranger !== undefined) throw new Error(`it has a field ${JSON.stringify(stranger.slice(0, 40))}`);
    const {
      channel_id,
      stream_delay_seconds = 0,
      retry_timeout_milliseconds = DEFAULT_RETRY_MS,
    } = dict as Readonly<Record<string, unknown>>;
    if (channel_id !== channelId) throw new Error('its channel_id is not that of its key');
    return Object.freeze({
      channel_id: channelId,
      stream_delay_seconds: checkDelay(stream_delay_seconds),
      retry_timeout_milliseconds: checkRetry(retry_timeout_milliseconds),
    });
  } catch (error) {
    const problem = `the stored values of channel ${channelId} cannot be used: ${(error as Error).message}`;
    throw new InvalidChannelException(problem, error);
  }
}
