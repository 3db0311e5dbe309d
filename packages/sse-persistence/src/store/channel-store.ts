import type {
  Appended,
  AppendOptions,
  LogData,
  LogEvent,
  LogPage,
  OpenOptions,
  ReadOptions,
} from '@redlane/client/stream-log';
import type { ListenerPolicy } from '../event-feed.js';
import type { QueueType } from '../queue/queue.js';

/** Where a channel's events and listeners are kept. */
export interface ChannelStore {
  readonly log: ChannelLog;
  readonly directory: ListenerDirectory;
}

/** What a channel needs of a log: a `StreamLog` is one. */
export interface ChannelLog {
  append(data: LogData, options?: AppendOptions): Promise<Appended>;
  open(cursor?: string, options?: OpenOptions): LogTail;
  read(cursor?: string, options?: ReadOptions): Promise<LogPage<string>>;
  position(): Promise<string>;
  remove(): Promise<void>;
}

export interface LogTail {
  /** Entries that it has not read yet, as far as known. */
  readonly behind: number;
  read(): LogEvent<string> | undefined;
  /** `onReadable` is not called any more. */
  close(): void;
}

/** A listener as it is kept. */
export interface ListenerRow {
  readonly id: string;
  /** In ms since 1970. */
  readonly createdAt: number;
  readonly queueType: QueueType;
}

/** Whether a reader may begin, and where without a cursor of its own. */
export type Admission =
  | { readonly type: 'admitted'; readonly position: string | undefined }
  | { readonly type: 'busy' }
  | { readonly type: 'stopped' };

export interface Touch {
  readonly listener: string;
  /** Others may serve it, too. */
  readonly isShared: boolean;
}

/** What became of listeners meanwhile. */
export interface Touched {
  readonly takenOver: readonly string[];
  readonly stopped: readonly string[];
  /** Nobody gets anything any more. */
  readonly isOver: boolean;
}

/** What another process has told. */
export type Signal =
  | { readonly type: 'taken-over'; readonly listener: string }
  /** Without a listener: everybody. */
  | { readonly type: 'stopped'; readonly listener: string | undefined }
  /** Signals may have been missed. */
  | { readonly type: 'gap' };

/** A channel's listeners: who is there, how far each has come, and who serves them. */
export interface ListenerDirectory {
  /** Adds a listener that begins at this position, unless it is there already. It gets messages again if it was stopped. */
  register(row: ListenerRow, position: string | undefined): Promise<void>;
  /** Forgets a listener with what waits for it, and stops its readers. */
  remove(listener: string): Promise<void>;
  has(listener: string): Promise<boolean>;
  /** Sorted by id. `onBad` is told of rows that cannot be read. */
  list(onBad: (listener: string, error: Error) => void): Promise<ListenerRow[]>;
  /** Whom some process serves now, sorted. */
  present(): Promise<string[]>;
  position(listener: string): Promise<string | undefined>;
  savePositions(positions: ReadonlyMap<string, string>): Promise<void>;
  admit(listener: string | undefined, policy: ListenerPolicy): Promise<Admission>;
  touch(listeners: readonly Touch[]): Promise<Touched>;
  /** They are not served here any more. */
  release(listeners: readonly string[]): Promise<void>;
  stop(listener: string | undefined): Promise<void>;
  resume(listener: string | undefined): Promise<void>;
  watch(onSignal: (signal: Signal) => void): Promise<AsyncDisposable>;
  /** Forgets all of it. */
  clear(): Promise<void>;
}
