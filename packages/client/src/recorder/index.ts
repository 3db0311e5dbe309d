export type { Redact } from './connection-recording.js';
export type { ConnectionRecorder, ConnectionTap, TappedConnection } from './connection-tap.js';
export { type ReadOptions, type RecordedEvent, readRecording } from './read-recording.js';
export { record } from './record.js';
export { type Recordable, Recorder, type RecorderOptions, type RecorderStatus } from './recorder.js';
export { RecordingError } from './recording-error.js';
export type { EndReason } from './recording-format.js';
export { type Misalignment, type Validation, validate } from './validate.js';
