/** Bytes as `Buffer`, at any depth, since they compare by class. */
export function buffers(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(buffers);
  return reply instanceof Uint8Array ? Buffer.from(reply) : reply;
}
