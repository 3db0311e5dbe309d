import { OutgoingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { versions } from 'node:process';

const { write, end } = OutgoingMessage.prototype;
const socketWrite = Socket.prototype.write;
/** Others have the same classes, with other things behind them. */
const isNode = !('bun' in versions) && !('deno' in versions);

/**
 * The socket to which chunks of a response's body can be written as they are, past `res.write`, which doubles the cost; or
 * `undefined` when it cannot be proved that they arrive as `res.write` would have written them: HTTP/1.1, chunked, the head
 * is out, nobody has put himself between us and the socket, and nothing is kept back anywhere.
 */
export function chunkSocket(res: unknown): Socket | undefined {
  if (!isNode || !(res instanceof ServerResponse)) return undefined;
  const { socket, req } = res;
  if (!(socket instanceof Socket)) return undefined;
  const isChunked = req.httpVersion === '1.1' && req.method !== 'HEAD' && res.chunkedEncoding === true;
  return isChunked && res.headersSent && isClear(res, socket) ? socket : undefined;
}

/** To be asked before each write: nobody has come between, what the response has written is in the socket, and more may follow. */
export function isClear(res: ServerResponse, socket: Socket): boolean {
  return (
    res.socket === socket &&
    res.write === write &&
    res.end === end &&
    socket.write === socketWrite &&
    socket.writable &&
    !res.writableEnded &&
    res.writableCorked === 0 &&
    res.writableLength === socket.writableLength
  );
}
