import type { Writable } from 'node:stream';
import { InvalidOptionError } from '../errors.js';
import { bound, callable, record } from '../option-checks.js';
import { ConnectionRecording, type Redact } from './connection-recording.js';
import type { ConnectionRecorder, ConnectionTap, TappedConnection } from './connection-tap.js';
import type { EndReason } from './recording-format.js';
import { RecordingSink } from './recording-sink.js';

export interface RecorderOptions {
  /** The recording ends before it is larger than so many bytes. @default 67_108_864 (64 MiB) */
  readonly maxBytes?: number | undefined;
  /** It ends when more than so many bytes wait for the sink in memory. @default 4_194_304 (4 MiB) */
  readonly maxPendingBytes?: number | undefined;
  /**
   * Takes out what is secret in your commands, after passwords have been. When it changes a command, error replies to that
   * are recorded by their code only; other replies are recorded as they are. When it throws, only the name is recorded.
   */
  readonly redact?: Redact | undefined;
  /** Told once, when the sink has failed and the recording is over. @default a process warning */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface RecorderStatus {
  /** Why it has ended; `undefined` while it goes on. */
  readonly ended: EndReason | 'error' | undefined;
  /** Bytes of the recording. */
  readonly bytes: number;
  /** Commands, replies, pushes, and what happened to connections. */
  readonly records: number;
}

/** What can be recorded: a client. */
export interface Recordable {
  attachRecorder(recorder: ConnectionRecorder): Disposable;
}

/**
 * Records what goes over the connections of clients, in both directions, with passwords taken out; see
 * `readRecording`. The option `recorder` of a client takes it from the first byte on, {@link Recorder.attach} later. It
 * never disturbs a connection: when something fails, the recording ends.
 *
 * @example
 * await using recorder = new Recorder('redis.recording');
 * const client = new RedisClient({ recorder });
 */
export class Recorder implements ConnectionRecorder, AsyncDisposable {
  readonly #sink: RecordingSink;
  readonly #redact: Redact | undefined;
  readonly #attached: Set<Disposable> = new Set();
  #connections = 0;

  /**
   * `target` is the path of a file, which is replaced, or a stream, which is not closed.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`)
   */
  constructor(target: string | Writable, options: RecorderOptions = {}) {
    const {
      maxBytes = 64 * 1024 * 1024,
      maxPendingBytes = 4 * 1024 * 1024,
      redact,
      onError = warn,
    } = options;
    if (typeof target !== 'string' && typeof (record(target, 'target') as Writable).write !== 'function') {
      throw new InvalidOptionError('target', 'must be the path of a file or a writable stream');
    }
    bound(maxBytes, 'maxBytes');
    bound(maxPendingBytes, 'maxPendingBytes');
    if (redact !== undefined) callable(redact, 'redact');
    callable(onError, 'onError');
    this.#redact = redact;
    this.#sink = new RecordingSink(target, {
      maxBytes,
      maxPendingBytes,
      onError,
      onEnd: () => this.#detach(),
    });
  }

  get status(): RecorderStatus {
    const { ended, bytes, records } = this.#sink;
    return { ended, bytes, records };
  }

  /**
   * Records a client from now on, on a connection in the midst of a reply from the end of that on. The disposable ends that;
   * so does the end of the recording.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) when the client is being recorded already, or the recording has ended
   */
  attach(client: Recordable): Disposable {
    const { ended } = this.#sink;
    if (ended !== undefined) {
      throw new InvalidOptionError('recorder', `has ended (${ended}): make a new one`);
    }
    const attached = client.attachRecorder(this);
    this.#attached.add(attached);
    return {
      [Symbol.dispose]: () => {
        this.#attached.delete(attached);
        attached[Symbol.dispose]();
      },
    };
  }

  /** @internal */
  tap(connection: TappedConnection): ConnectionTap {
    return new ConnectionRecording(this.#sink, connection, ++this.#connections, this.#redact);
  }

  /** Ends the recording. Resolves when it is written, or when it is known that it cannot be. */
  close(): Promise<void> {
    return this.#sink.close();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #detach(): void {
    for (const attached of this.#attached) attached[Symbol.dispose]();
    this.#attached.clear();
  }
}

function warn(error: Error): void {
  process.emitWarning(`the recording was ended, for it cannot be written: ${error.message}`, {
    type: 'RecorderWarning',
    code: 'REDLANE_RECORDER',
  });
}
