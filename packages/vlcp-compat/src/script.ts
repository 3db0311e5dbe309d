import { createHash } from 'node:crypto';
import { RedisProtocolException } from './errors.js';

/**
 * What `registerScript` gives: the SHA-1 by which servers know the script, and its text. The SHA-1 is `null` for a script so
 * short that sending its text costs no more.
 */
export type RegisteredScript = readonly [sha1: string | null, script: string | Uint8Array];

/** From this length on, EVALSHA with its 40 digits costs no more bytes than EVAL with the text. */
const SHA_PAYS_FROM = 43;

/** A script together with its SHA-1, which is that of its UTF-8 text. The length counts what was given: characters, or bytes. */
export function registered(script: string | Uint8Array): RegisteredScript {
  if (typeof script !== 'string' && !(script instanceof Uint8Array)) {
    throw new RedisProtocolException(
      'INVALID_COMMAND',
      `a script must be text or bytes, got a ${typeof script}`,
    );
  }
  const length = typeof script === 'string' ? [...script].length : script.length;
  if (length < SHA_PAYS_FROM) return [null, script];
  return [createHash('sha1').update(script).digest('hex'), script];
}
