import type { Certificates } from './certificates.js';

/** How a server is started. Everything listens on 127.0.0.1 only. */
export interface ServerOptions {
  /** The executable. @default what `findServer` finds */
  readonly executable?: string;
  /** A cluster node has no slots and knows no other node; a sentinel watches nothing. @default 'standalone' */
  readonly mode?: 'standalone' | 'cluster' | 'sentinel';
  /** @default a free one; asked for by number, it is not replaced when it is taken */
  readonly port?: number;
  /** Password of the user `default` (`requirepass`), and for talking to a master that has the same one. */
  readonly password?: string;
  /** ACL rules by user name, as in `{ alice: 'on >secret ~* &* +@all', default: 'off' }`. */
  readonly users?: Readonly<Record<string, string>>;
  /** Listen with TLS, and only with TLS, except on the unix socket. @default false */
  readonly tls?: boolean | TlsOptions;
  /** Commands by their usual name with their new name; `''` removes one, as in `{ HELLO: '' }`. */
  readonly renameCommands?: Readonly<Record<string, string>>;
  /** `always`: append-only file with `appendfsync always`; what was acknowledged outlives `restart()`. @default 'none' */
  readonly persistence?: 'none' | 'always';
  /** More lines for the configuration file; they come last, so they win. */
  readonly config?: readonly string[];
  /** How long each step of becoming ready may take, in ms. @default 15000 */
  readonly readyTimeoutMs?: number;
  /** Copy the log to `.redlane/logs` when the server goes. @default whether `REDLANE_KEEP_LOGS` is set */
  readonly keepLog?: boolean;
}

/** How TLS is spoken. */
export interface TlsOptions {
  /** @default made anew */
  readonly certificates?: Certificates;
  /** Whether a client must show a certificate, may show one, or is not asked (`tls-auth-clients`). @default 'optional' */
  readonly authClients?: 'yes' | 'optional' | 'no';
}
