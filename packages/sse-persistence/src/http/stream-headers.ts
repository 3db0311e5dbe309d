import type { Headers } from '../session/exchange.js';

/** `no-transform` keeps compression away, and `X-Accel-Buffering` nginx's buffer: both hold events back. */
const STREAM_HEADERS: Headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Ours, replaced and extended by the user's whatever their case. */
export function streamHeaders(more: Headers): Headers {
  const replaced = new Set(Object.keys(more).map((name) => name.toLowerCase()));
  const ours = Object.entries(STREAM_HEADERS).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(ours), ...more };
}
