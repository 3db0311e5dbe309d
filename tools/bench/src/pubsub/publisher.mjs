export const PAYLOAD = 'm'.repeat(64);

/** Names of one length, so that the wire's bytes are the same for each. */
export function channelsOf(target, count) {
  return Array.from({ length: count }, (_, i) => `${target.prefix}:room:${String(i).padStart(4, '0')}`);
}
