// The API of @redlane/sse-persistence/frame, written by "pnpm api:update".
interface Frame {
    readonly id?: string | undefined;
    readonly event?: string | undefined;
    readonly data?: string | undefined;
    readonly retry?: number | undefined;
    readonly comment?: string | undefined;
}
declare class FrameError extends Error {
    readonly name = "FrameError";
    readonly code: FrameErrorCode;
    constructor(code: FrameErrorCode, message: string);
}
type FrameErrorCode = 'INVALID_ID' | 'INVALID_EVENT' | 'INVALID_DATA' | 'INVALID_RETRY' | 'INVALID_COMMENT';
declare function frame({ id, event, data, retry, comment }: Frame): string;
declare function frameBytes(fields: Frame): Uint8Array;
export {
  Frame,
  FrameError,
  FrameErrorCode,
  frame,
  frameBytes,
};
