export { type Frame, frame, frameBytes } from './frame.js';
export { FrameError, type FrameErrorCode } from './frame-error.js';
