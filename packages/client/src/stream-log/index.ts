export type { Appended, AppendOptions } from './append.js';
export type { LogData, LogEntry, LogEvent, ResetReason } from './entry.js';
export { type StreamLogKeys, streamLogKeys } from './keys.js';
export { LogReader, type OpenOptions } from './log-reader.js';
export type { HistoryOptions, InboxOptions, RingOptions, StreamLogOptions } from './options.js';
export type { Trim } from './removal.js';
export { type LogPage, type RawOf, type ReadOptions, StreamLog } from './stream-log.js';
