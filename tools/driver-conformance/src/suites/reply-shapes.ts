import { type Reply, ReplyError } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import type { Context } from '../context.js';
import { REPLY_KEYS, REPLY_TABLE, type ReplyRow } from '../reply-table.js';

export function replyShapeTests({ feature, driver, bed }: Context): void {
  /** One round trip, since there are many. */
  const prepare = async ({ setup }: ReplyRow): Promise<void> => {
    const outcome = await driver().batch([['DEL', ...REPLY_KEYS], ...setup]);
    const failed = outcome.aborted ? [] : outcome.replies.filter((reply) => reply instanceof Error);
    if (failed.length > 0) throw failed[0];
  };

  /** What the server itself answers over RESP2; `undefined` when it does not know the command. */
  const askInResp2 = async (row: ReplyRow): Promise<Reply | undefined> => {
    await prepare(row);
    try {
      return await bed().raw(...row.command);
    } catch (error) {
      if (row.since !== undefined && error instanceof ReplyError) return undefined;
      throw error;
    }
  };

  feature('shapes', () => {
    it.each(REPLY_TABLE)('$command is as in RESP2', async (row) => {
      const expected = await askInResp2(row);
      if (expected === undefined) return;
      await prepare(row);
      expect(comparable(await driver().send(row.command), row)).toEqual(comparable(expected, row));
      if (row.textOnly === true) return;
      await prepare(row);
      const bytes = await driver().send(row.command, { replies: 'bytes' });
      expect(strings(bytes)).toEqual([]);
      expect(comparable(asText(bytes), row)).toEqual(comparable(expected, row));
    });
  });
}

/** With a fraction or an exponent. */
const DOUBLE = /^-?\d+(?:\.\d+|(?:\.\d+)?e[+-]?\d+)$/;

/** Doubles have more digits in RESP2 than they need; what changes from call to call is compared by its types. */
function comparable(reply: unknown, row: ReplyRow): unknown {
  if (Array.isArray(reply)) {
    const items = reply.map((item) => comparable(item, row));
    return row.unordered === true ? items.sort((a, b) => (String(a) < String(b) ? -1 : 1)) : items;
  }
  if (row.changes === true) return reply === null ? null : typeof reply;
  if (typeof reply === 'string' && DOUBLE.test(reply)) return `≈${Number(reply).toPrecision(12)}`;
  return reply;
}

function asText(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(asText);
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : reply;
}

function strings(reply: unknown): string[] {
  if (Array.isArray(reply)) return reply.flatMap(strings);
  return typeof reply === 'string' ? [reply] : [];
}
