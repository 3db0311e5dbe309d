import { type CommandArgument, RedisError, type RespValue } from '@redlane/resp3-core';
import { addressOf } from './address.js';
import type { ResolvedOptions } from './client-options.js';
import { type Login, type LoginOptions, loginOf } from './credentials.js';
import { ConnectError, type ConnectErrorCode } from './errors.js';
import { LIBRARY_VERSION } from './library-version.js';
import { helloInfo, resp2Info, type ServerInfo } from './server-info.js';

export type { ServerInfo } from './server-info.js';

/**
 * Sends commands in one write; gives the replies in order, errors in their places. A connection that ends before all have
 * come should give those that did: a server that is full, or protected, answers once and closes.
 */
export type Exchange = (commands: readonly (readonly CommandArgument[])[]) => Promise<readonly Outcome[]>;

export type HandshakeOptions = LoginOptions &
  Pick<ResolvedOptions, 'protocol' | 'clientName' | 'db' | 'libraryName' | 'libraryTag'>;

type Outcome = RespValue | RedisError;

interface Step {
  readonly command: readonly CommandArgument[];
  /** Whether the greeting fails with an error reply to this. */
  readonly fatal: (error: RedisError) => boolean;
  /** It carries a password, which a server may quote in its error. */
  readonly secret?: true;
}

const BAD_LOGIN: ReadonlySet<string> = new Set(['WRONGPASS', 'NOAUTH', 'NOPERM']);
const NOT_NOW: ReadonlySet<string> = new Set(['LOADING', 'MASTERDOWN', 'BUSY']);

const FULL = 'the server has reached its max number of clients; close some, or raise its maxclients';
const PROTECTED =
  'the server is in protected mode and lets in nobody from another machine: set a password or users there, or ' +
  'protected-mode no';

const always = (): boolean => true;
const never = (): boolean => false;

/**
 * Greets the server on a new connection, or on one that was RESET: HELLO 3 with login and name, then who we are, the
 * database, and a PING that shows whether the server serves, all in one write. A server that has no HELLO, or no RESP3,
 * is greeted again in RESP2.
 *
 * @throws {@link ConnectError} `AUTH_FAILED` and `HANDSHAKE_FAILED`, `retryable` when the server is only busy or the
 * connection was lost; `CONNECT_TIMEOUT` when the signal ends the wait for a credential provider
 */
export async function handshake(
  options: HandshakeOptions,
  exchange: Exchange,
  signal?: AbortSignal,
): Promise<ServerInfo> {
  const login = await loginOf(options, signal);
  if (options.protocol === 3) {
    const steps = [helloStep(options, login), ...introduction(options), ping];
    const replies = await run(options, steps, exchange);
    const [hello] = replies;
    if (!(hello instanceof RedisError && isUnknown(hello))) {
      check(options, steps, replies);
      const info = helloInfo(hello);
      if (info !== undefined) return info;
      throw failure(options, 'HANDSHAKE_FAILED', 'what answers HELLO there is not Redis', false);
    }
  }
  // AUTH comes first: behind replies that were not read yet, newer servers leave its failure without an answer.
  const steps = [...authStep(login), ...nameStep(options), ...introduction(options), clientId, ping];
  const replies = await run(options, steps, exchange);
  check(options, steps, replies);
  return resp2Info(replies[steps.indexOf(clientId)]);
}

const clientId: Step = { command: ['CLIENT', 'ID'], fatal: never };
const ping: Step = {
  command: ['PING'],
  fatal: ({ code }) => NOT_NOW.has(code) || code === 'NOAUTH',
};

function helloStep({ clientName }: HandshakeOptions, login: Login | undefined): Step {
  const auth = login === undefined ? [] : ['AUTH', login.username ?? 'default', login.password];
  const name = clientName === undefined ? [] : ['SETNAME', clientName];
  return { command: ['HELLO', '3', ...auth, ...name], fatal: always, secret: true };
}

function authStep(login: Login | undefined): Step[] {
  if (login === undefined) return [];
  // Before Redis 6 there is no user name.
  const user = login.username === undefined ? [] : [login.username];
  return [{ command: ['AUTH', ...user, login.password], fatal: always, secret: true }];
}

function nameStep({ clientName }: HandshakeOptions): Step[] {
  return clientName === undefined ? [] : [{ command: ['CLIENT', 'SETNAME', clientName], fatal: never }];
}

/** Older servers have no SETINFO, and a user may have no right to it: nothing depends on it. */
function introduction({ libraryName, libraryTag, db }: HandshakeOptions): Step[] {
  const name = libraryTag === undefined ? libraryName : `${libraryName}(${libraryTag})`;
  const steps: Step[] = [
    { command: ['CLIENT', 'SETINFO', 'LIB-NAME', name], fatal: never },
    { command: ['CLIENT', 'SETINFO', 'LIB-VER', LIBRARY_VERSION], fatal: never },
  ];
  if (db !== 0) steps.push({ command: ['SELECT', db], fatal: always });
  return steps;
}

async function run(
  options: HandshakeOptions,
  steps: readonly Step[],
  exchange: Exchange,
): Promise<readonly Outcome[]> {
  try {
    return await exchange(steps.map(({ command }) => command));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failure(options, 'HANDSHAKE_FAILED', `the handshake was cut short: ${why}`, true, error);
  }
}

function check(options: HandshakeOptions, steps: readonly Step[], replies: readonly Outcome[]): void {
  for (const [i, step] of steps.entries()) {
    const reply = replies[i];
    if (reply instanceof RedisError && step.fatal(reply)) throw refused(options, step, reply);
  }
  if (replies.length < steps.length) {
    const problem = 'the connection was closed during the handshake';
    throw failure(options, 'HANDSHAKE_FAILED', problem, true);
  }
}

function isUnknown({ code, message }: RedisError): boolean {
  return code === 'NOPROTO' || /unknown command|unsupported|not supported/i.test(message);
}

function refused(options: HandshakeOptions, { command, secret }: Step, error: RedisError): ConnectError {
  // These two come before any command has been read.
  const full = /max number of clients/i.test(error.message);
  if (full) return failure(options, 'HANDSHAKE_FAILED', FULL, true, error);
  if (error.code === 'DENIED') return failure(options, 'HANDSHAKE_FAILED', PROTECTED, false, error);
  const name = String(command[0]);
  const login = BAD_LOGIN.has(error.code) || (name === 'AUTH' && error.code === 'ERR');
  // `ERR unknown command 'AUTH', with args beginning with: …` would show the password.
  const quotes = secret === true && error.code === 'ERR';
  const said = quotes ? error.code : error.message;
  return failure(
    options,
    login ? 'AUTH_FAILED' : 'HANDSHAKE_FAILED',
    `${name} was refused: ${said}${login ? `; ${adviceFor(error.code)}` : ''}`,
    NOT_NOW.has(error.code),
    quotes ? undefined : error,
  );
}

function adviceFor(code: string): string {
  if (code === 'NOAUTH') return 'set password, or username and password';
  return code === 'NOPERM' ? "extend this user's rights" : 'check username and password';
}

function failure(
  options: HandshakeOptions,
  code: ConnectErrorCode,
  problem: string,
  retryable: boolean,
  cause?: unknown,
): ConnectError {
  return new ConnectError(code, { address: addressOf(options), problem, retryable, cause });
}
