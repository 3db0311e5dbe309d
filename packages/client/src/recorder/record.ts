import type { Writable } from 'node:stream';
import { type Recordable, Recorder, type RecorderOptions } from './recorder.js';

/**
 * Records a client from now on, to a file or stream: a {@link Recorder} that is attached to it. Close it in the end.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`), also when the client is being recorded already
 * @example
 * await using recorder = record(client, 'redis.recording', { maxBytes: 10_000_000 });
 */
export function record(client: Recordable, target: string | Writable, options?: RecorderOptions): Recorder {
  const recorder = new Recorder(target, options);
  try {
    recorder.attach(client);
  } catch (error) {
    void recorder.close();
    throw error;
  }
  return recorder;
}
