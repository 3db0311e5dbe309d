/** Whether `value` is a `Uint8Array`, also one of another realm (a vm context, an iframe), which `instanceof` misses. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value instanceof Uint8Array || viewName(value) === 'Uint8Array');
}

/** `Float64Array`, `DataView`, … */
export function viewName(view: ArrayBufferView): string {
  return (view as ArrayBufferView & { [Symbol.toStringTag]: string })[Symbol.toStringTag];
}

/** Whether `bytes` lost their memory, which has gone to another thread or shrunk away. Their length is merely 0 then. */
export function isDetached(bytes: Uint8Array): boolean {
  if (bytes.byteLength > 0) return false;
  try {
    // Methods of typed arrays throw for lost memory, whatever they are asked.
    bytes.at(0);
    return false;
  } catch {
    return true;
  }
}
