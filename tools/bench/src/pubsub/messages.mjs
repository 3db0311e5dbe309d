export const PAYLOAD = 'm'.repeat(64);

/**
 * Names of one length, so that the wire's bytes are the same for each. Contenders stay subscribed side by side, so each
 * has names of its own: those from `first` on.
 */
export function channelsOf({ prefix }, count, first = 0) {
  return Array.from({ length: count }, (_, i) => `${prefix}:room:${String(first + i).padStart(4, '0')}`);
}
