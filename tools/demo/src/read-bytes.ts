import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.js';

/** A request's body. @throws RequestError `TOO_LARGE` */
export async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new RequestError(413, 'TOO_LARGE', `a body has at most ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
