import { type Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Upstream } from './turns.js';

/** A request that has come in whole, so that it can be sent more than once. */
export interface Forwarded {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/**
 * Sends a request to a node and passes the answer on as it comes, streams included. An answer that breaks off breaks off
 * here, too: who reads a stream comes back and goes on.
 *
 * @throws when there is no answer; nothing has been written to `response` then, so that another node can be asked
 */
export async function forward(
  { method, path, headers, body }: Forwarded,
  { port }: Upstream,
  response: ServerResponse,
  { agent, timeoutMs }: { readonly agent: Agent; readonly timeoutMs: number },
): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { signal } = gone;
      const upstream = httpRequest(
        { host: '127.0.0.1', port, method, path, headers, agent, signal },
        resolve,
      );
      upstream.once('error', reject);
      const timer = setTimeout(() => upstream.destroy(new Error('no answer in time')), timeoutMs);
      upstream.once('close', () => clearTimeout(timer));
      upstream.once('response', () => clearTimeout(timer));
      upstream.end(body);
    });
    // Past this point nobody else can be asked.
    const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...answered } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, answered);
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.on('aborted', () => response.destroy());
    answer.pipe(response);
  } catch (error) {
    response.off('close', leave);
    throw error;
  }
}
