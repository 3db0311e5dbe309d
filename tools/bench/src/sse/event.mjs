/** 200 bytes of a character that is nowhere else in a frame, so that clients can count it. */
export const PAYLOAD = '~'.repeat(200);
