/** A name as it stands in a push or in a command's arguments: text, whatever it came as. `undefined` for what is no name. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}
