import { createHash, randomBytes } from 'node:crypto';

/** Whoever asks twice under one key means one order: the key is the id, so that nothing has to be looked up. */
export function orderId(idempotencyKey: string | undefined): string {
  const bytes =
    idempotencyKey === undefined
      ? randomBytes(8)
      : createHash('sha256').update(idempotencyKey).digest().subarray(0, 8);
  return bytes.toString('hex');
}
