import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { addressOf } from './address.js';
import type { ResolvedOptions } from './client-options.js';
import { ConnectError } from './errors.js';
import type { Inlet } from './inlet.js';

type TlsModule = typeof import('node:tls');

export type DialOptions = Pick<
  ResolvedOptions,
  'host' | 'port' | 'path' | 'family' | 'tls' | 'keepAliveMs' | 'noDelay' | 'unref'
>;

/** What to do about the commonest failures, by the code that Node gives them. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'is the server running, and is this its port?',
  ENOENT: 'there is no such socket; is the server running, with this unixsocket?',
  EACCES: 'this process may not open the socket',
  ENOTFOUND: 'the name is unknown; check host',
  EAI_AGAIN: 'the name could not be looked up; check the network',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does the server speak TLS on this port?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does the server speak TLS on this port?',
  EPROTO: 'does the server speak TLS on this port?',
  SELF_SIGNED_CERT_IN_CHAIN: "give the server's authority as tls.ca",
  DEPTH_ZERO_SELF_SIGNED_CERT: "give the server's authority as tls.ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "give the server's authority as tls.ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "give the server's authority as tls.ca",
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name; set host or tls.servername',
};

/**
 * Opens a socket: over TCP to whichever of the host's addresses answers first, over a unix socket when there is a `path`,
 * and through the TLS handshake when there is `tls`. Aborting the signal destroys the socket. What is read goes into the
 * inlet; where there is none, or the runtime knows no such thing, it comes as `data` events.
 *
 * The socket keeps one listener for `error` that does nothing, so that a failure between two owners is never unhandled.
 *
 * @throws {@link ConnectError} `CONNECT_FAILED`; `CONNECT_TIMEOUT` when the signal was aborted by a `TimeoutError`
 */
export async function dial(options: DialOptions, signal?: AbortSignal, inlet?: Inlet): Promise<Socket> {
  // It takes longer to load than this whole package.
  const tlsModule = options.tls === undefined ? undefined : await import('node:tls');
  if (signal?.aborted) throw ConnectError.abandoned(options, signal.reason);
  return new Promise((resolve, reject) => {
    const socket = open(options, tlsModule, inlet);
    const connected = options.tls === undefined ? 'connect' : 'secureConnect';
    const settle = (): void => {
      socket.off(connected, succeed);
      socket.off('error', fail);
      socket.off('close', fail);
      signal?.removeEventListener('abort', giveUp);
    };
    const succeed = (): void => {
      settle();
      if (options.path === undefined) {
        socket.setNoDelay(options.noDelay);
        if (options.keepAliveMs > 0) socket.setKeepAlive(true, options.keepAliveMs);
      }
      resolve(socket);
    };
    const fail = (error?: unknown): void => {
      settle();
      socket.destroy();
      reject(failure(options, error instanceof Error ? error : new Error('the peer closed the connection')));
    };
    const giveUp = (): void => {
      settle();
      socket.destroy();
      reject(ConnectError.abandoned(options, signal?.reason));
    };
    socket.on('error', () => undefined);
    socket.on(connected, succeed);
    socket.on('error', fail);
    socket.on('close', fail);
    signal?.addEventListener('abort', giveUp);
    if (options.unref) socket.unref();
  });
}

function open(
  { host, port, path, family, tls }: DialOptions,
  tlsModule: TlsModule | undefined,
  inlet: Inlet | undefined,
): Socket {
  const onread = inlet && { buffer: inlet.buffer, callback: inlet.callback };
  // All addresses are tried, the families in turn; each but the last has Node's autoSelectFamilyAttemptTimeout, 250 ms.
  const tcp: TcpNetConnectOpts = { host, port, family, autoSelectFamily: family === 0, onread };
  if (tls === undefined || tlsModule === undefined)
    return path === undefined ? connect(tcp) : connect({ path, onread });
  // Node takes the name that it checks from `host`, but tells the server none by itself.
  const name = path !== undefined ? 'localhost' : isIP(host) === 0 ? host : undefined;
  const servername = name === undefined ? {} : { servername: name };
  const { socket: _, ...rest } = tls;
  return tlsModule.connect({
    ...servername,
    ...rest,
    ...(path === undefined ? tcp : { path, host: 'localhost', onread }),
  });
}

function failure(options: DialOptions, error: Error): ConnectError {
  // Happy eyeballs gives one error for each address, and no message of its own.
  const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const reasons = new Set(errors.map((each) => each.message));
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const advice = Object.hasOwn(ADVICE, code) ? `; ${ADVICE[code]}` : '';
  return new ConnectError('CONNECT_FAILED', {
    address: addressOf(options),
    problem: `${[...reasons].join(', ')}${advice}`,
    retryable: true,
    cause: error,
  });
}
