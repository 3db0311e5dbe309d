import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { CommandArgument, Limits } from '@redlane/resp3-core';
import type { ClientCacheSetup } from './cache/client-cache-setup.js';
import type { PoolSettings } from './pool-settings.js';
import type { ConnectionRecorder } from './recorder/connection-tap.js';
import type { RetryPolicy } from './retry.js';
import type { Given } from './schema.js';
import type { Locator } from './sentinel/locator.js';
import type { SentinelAddress } from './sentinel/sentinel-options.js';
import type { AddressMapper, AddressProvider, ServerAddress } from './sentinel/server-address.js';
import type { ServerRole } from './sentinel/server-role.js';

/** Who to log in as. Without a `username` it is the user `default`. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Asked for credentials at every connect, so that they may change. */
export type CredentialProvider = () => Credentials | Promise<Credentials>;

/** A reader of replies: `feed` it bytes, take objects until `getObject` returns the class's `sentinel`. */
export interface ReplyReader {
  feed(chunk: Uint8Array): void;
  getObject(): unknown;
}

export interface ReplyReaderClass {
  new (): ReplyReader;
  /** What `getObject` returns when it needs more bytes. */
  readonly sentinel: unknown;
}

/** Gives the bytes of one command. */
export type CommandEncoder = (command: CommandArgument, ...args: CommandArgument[]) => Uint8Array;

export interface ReconnectSettings {
  /** The second try comes after a random time up to this, in ms; each further one after up to twice that. @default 50 */
  readonly minDelayMs: number;
  /** No try waits longer than this, in ms. @default 5_000 */
  readonly maxDelayMs: number;
  /** After so many ms without a connection the client closes itself; 0 or `Infinity`: never. @default Infinity */
  readonly giveUpAfterMs: number;
}

/** What may wait to be written or answered, both together. */
export interface LimitSettings {
  /** Commands. @default 100_000 */
  readonly commands: number;
  /** Bytes of their arguments. @default 134_217_728 (128 MiB) */
  readonly bytes: number;
  /** At a limit, new commands are rejected (`QUEUE_FULL`), or wait for room within their deadline. @default 'reject' */
  readonly policy: 'reject' | 'wait';
}

/** All options, as they are when each has its value. */
export interface ClientSettings {
  /** Host name or IP address. @default '127.0.0.1' */
  readonly host: string;
  /** @default 6379 */
  readonly port: number;
  /** Path of a unix socket, instead of host and port. @default undefined */
  readonly path: string | undefined;
  /** Instead of host and port: a function that is asked for them before every connect. @default undefined */
  readonly address: AddressProvider | undefined;
  /**
   * Instead of host and port: sentinels, as `{ host, port }` or `'host:port'`, that are asked for the server before every
   * connect. One that is up is enough; the others are learned from it. @default undefined
   */
  readonly sentinels: readonly SentinelAddress[] | undefined;
  /** With `sentinels`: the master's name there. @default 'mymaster' */
  readonly name: string;
  /** With `sentinels`: connect to the master, or to any replica of it, for reading. @default 'master' */
  readonly role: ServerRole;
  /** With `sentinels`: ACL user there. `username` is that of the server. @default undefined */
  readonly sentinelUsername: string | undefined;
  /** With `sentinels`: password there. `password` is that of the server. @default undefined */
  readonly sentinelPassword: string | undefined;
  /** With `sentinels`: TLS to them. `tls` is that to the server. @default false */
  readonly sentinelTls: boolean | TlsOptions;
  /** With `sentinels`: how long one may take to answer before the next is asked, in ms; 0 or `Infinity`: for ever. @default 1_000 */
  readonly sentinelTimeoutMs: number;
  /** With `sentinels`: gives the address to dial for one that they tell, as behind NAT or Docker. @default undefined */
  readonly mapAddress: AddressMapper | undefined;
  /** ACL user; without it a password is that of `default`. @default undefined */
  readonly username: string | undefined;
  /** @default undefined */
  readonly password: string | undefined;
  /** Instead of `username` and `password`: both, or a function that is asked at every connect. @default undefined */
  readonly credentials: Credentials | CredentialProvider | undefined;
  /** Database number. @default 0 */
  readonly db: number;
  /** Name in CLIENT LIST; printable ASCII without spaces. @default undefined */
  readonly clientName: string | undefined;
  /** TLS, with Node's options for it: `ca`, `cert`, `key`, `servername`, … @default false */
  readonly tls: boolean | TlsOptions;
  /** RESP3 falls back to RESP2 by itself when the server has no HELLO; 2 never asks. @default 3 */
  readonly protocol: 2 | 3;
  /**
   * Subscriptions share the connection of the commands, or have one of their own, which is open while there are any. In
   * RESP2 they have one of their own always. @default 'shared'
   */
  readonly subscriptions: 'shared' | 'dedicated';
  /** IPv4 or IPv6 only; 0: both, whichever connects first. @default 0 */
  readonly family: 0 | 4 | 6;
  /** Deadline of dial and handshake together, in ms; 0 or `Infinity`: none. @default 5_000 */
  readonly connectTimeoutMs: number;
  /** Deadline of a command, from the call to the reply, in ms; 0 or `Infinity`: none. @default 5_000 */
  readonly timeoutMs: number;
  /** A blocking command's deadline is its own timeout and so many ms more. @default 2_000 */
  readonly blockingGraceMs: number;
  /** TCP keep-alive probes start after so many ms of silence; 0 or `Infinity`: none. @default 10_000 */
  readonly keepAliveMs: number;
  /** Send small packets at once (TCP_NODELAY). @default true */
  readonly noDelay: boolean;
  /** An idle connection is checked by PING every so many ms; 0 or `Infinity`: never. @default 30_000 */
  readonly pingIntervalMs: number;
  /** A connection that owes replies and sends nothing for so many ms is given up; 0 or `Infinity`: never. @default 15_000 */
  readonly silenceTimeoutMs: number;
  /**
   * What is sent again after a loss or a refusal. `'safe'`: what was never executed, and read-only commands; `'never'`:
   * nothing that was written; `'always'`: everything, so that commands may be executed twice.
   * @default 'safe'
   */
  readonly retry: RetryPolicy;
  /** Delays between attempts to connect. */
  readonly reconnect: ReconnectSettings;
  /** While there is no connection, commands wait for one; `false`: they fail at once. @default true */
  readonly offlineQueue: boolean;
  /** Bounds of what waits and what is unanswered. */
  readonly limits: LimitSettings;
  /** Strings in replies as text or as bytes. @default 'string' */
  readonly replies: 'string' | 'bytes';
  /** Maps in replies as `Map` or as null-prototype object. @default 'map' */
  readonly maps: 'map' | 'object';
  /** Bounds of what a server may send; beyond them the connection is closed. @default `defaultLimits` of resp3-core */
  readonly replyLimits: Readonly<Partial<Limits>>;
  /** Exclusive connections, for blocking commands and `withConnection`. */
  readonly pool: PoolSettings;
  /** A pool of your own; it is not closed with the client. @default undefined */
  readonly connectionPool: object | undefined;
  /**
   * Answers `cached()` from this process: `clientCache({ … })` of `@redlane/client/cache`. Not together with `Reader` or
   * `writeCommand`. @default undefined
   */
  readonly clientCache: ClientCacheSetup | undefined;
  /** Records all connections from their first byte on: a `Recorder` of `@redlane/client/recorder`. @default undefined */
  readonly recorder: ConnectionRecorder | undefined;
  /** A reader of your own, one for each connection. Takes a slower path. @default undefined */
  readonly Reader: ReplyReaderClass | undefined;
  /** An encoder of your own. Takes a slower path. @default undefined */
  readonly writeCommand: CommandEncoder | undefined;
  /** Let the process end while connections are open. @default false */
  readonly unref: boolean;
  /** Library name in CLIENT LIST; printable ASCII without spaces and brackets. @default 'redlane' */
  readonly libraryName: string;
  /** What is built on it, added to the library name in brackets; the same characters. @default undefined */
  readonly libraryTag: string | undefined;
}

type Groups = 'reconnect' | 'limits' | 'pool';

/** Options of a client. What is left out, or `undefined`, has its default. */
export interface ClientOptions extends Given<Omit<ClientSettings, Groups>> {
  /** Delays between attempts to connect. */
  readonly reconnect?: Given<ReconnectSettings> | undefined;
  /** Bounds of what waits and what is unanswered. */
  readonly limits?: Given<LimitSettings> | undefined;
  /** Exclusive connections, for blocking commands and `withConnection`. */
  readonly pool?: Given<PoolSettings> | undefined;
}

/**
 * Every option with its value, frozen. Durations that are off are `Infinity`; only for `keepAliveMs` off is 0.
 */
export interface ResolvedOptions extends Omit<ClientSettings, 'tls' | 'sentinels' | 'sentinelTls'> {
  /** `undefined` without TLS. */
  readonly tls: TlsOptions | undefined;
  /** `undefined` without sentinels. */
  readonly sentinels: readonly ServerAddress[] | undefined;
  /** `undefined` without TLS to the sentinels. */
  readonly sentinelTls: TlsOptions | undefined;
  /** Finds the server before every connect; `undefined` when host and port, or path, name it. */
  readonly locator: Locator | undefined;
}
