import type { CommandArgument } from '@redlane/resp3-core';
import { commandName } from '../routing.js';

/** What stands in the place of a secret. */
export const REDACTED = '<redacted>';

/** How much of a command's reply is secret. */
export type Secrecy =
  /** Nothing. */
  | 'none'
  /** Errors: the server may quote the command in them. */
  | 'errors'
  /** Values of parameters whose names say so. */
  | 'parameters'
  /** All of it. */
  | 'all';

/** A command as it may be recorded, and what its reply is then. */
export interface Redaction {
  readonly args: readonly CommandArgument[];
  readonly secrecy: Secrecy;
}

/** Parameters such as `requirepass`, `masterauth`, `tls-key-file-pass`, `auth-pass`. */
export function isSecretParameter(name: string): boolean {
  return /pass|auth|secret|token/i.test(name);
}

/** ACL rules that hold no password. Everything else may, a password without its `>` included. */
const HARMLESS_RULE =
  /^(?:on|off|nopass|reset\w*|all(?:keys|channels|commands)|nocommands|clearselectors|(?:skip-)?sanitize-payload|[~%&+@(-].*)$/i;

/** Takes passwords, and what they may be derived from, out of a command. */
export function redactCommand(args: readonly CommandArgument[]): Redaction {
  switch (commandName(args[0])) {
    case 'AUTH':
      // With a user name only the last is secret.
      return masked(args, (index) => index >= (args.length === 3 ? 2 : 1));
    case 'HELLO':
      return hello(args);
    case 'ACL':
      return acl(args);
    case 'CONFIG':
      return parameters(args, 1);
    case 'MIGRATE':
      return migrate(args);
    case 'SENTINEL':
      return commandName(args[1]) === 'CONFIG' ? parameters(args, 2) : sentinel(args);
    default:
      return { args, secrecy: 'none' };
  }
}

/** A command of which nothing but the name may be recorded. */
export function nameOnly(args: readonly CommandArgument[]): Redaction {
  return { ...masked(args, (index) => index > 0), secrecy: 'all' };
}

/** HELLO version [AUTH user password] [SETNAME name] */
function hello(args: readonly CommandArgument[]): Redaction {
  const secret = new Set<number>();
  for (let at = 2; at < args.length; ) {
    const option = commandName(args[at]);
    if (option === 'AUTH') {
      // Whoever forgot the user name has put the password in its place.
      secret.add(Math.min(at + 2, args.length - 1));
      at += 3;
    } else if (option === 'SETNAME') at += 2;
    else {
      // Not what the server expects: it may be anything.
      for (; at < args.length; at++) secret.add(at);
    }
  }
  return args.length > 2 ? masked(args, (index) => secret.has(index)) : { args, secrecy: 'none' };
}

function acl(args: readonly CommandArgument[]): Redaction {
  switch (commandName(args[1])) {
    case 'SETUSER':
      return masked(args, (index) => index >= 3 && !HARMLESS_RULE.test(textOf(args[index])));
    case 'GENPASS':
    case 'GETUSER':
    case 'LIST':
      return { args, secrecy: 'all' };
    default:
      return { args, secrecy: 'none' };
  }
}

/** CONFIG SET parameter value [parameter value …], whose subcommand stands at `at`. */
function parameters(args: readonly CommandArgument[], at: number): Redaction {
  const subcommand = commandName(args[at]);
  if (subcommand === 'GET') return { args, secrecy: 'parameters' };
  return subcommand === 'SET' ? maskedBehindNames(args, at + 1) : { args, secrecy: 'none' };
}

/** MIGRATE host port key db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key …] */
function migrate(args: readonly CommandArgument[]): Redaction {
  const secret = new Set<number>();
  for (let at = 6; at < args.length; at++) {
    const option = commandName(args[at]);
    if (option === 'KEYS') break;
    if (option === 'AUTH') secret.add(++at);
    if (option !== 'AUTH2') continue;
    at += 2;
    secret.add(Math.min(at, args.length - 1));
  }
  return secret.size > 0 ? masked(args, (index) => secret.has(index)) : { args, secrecy: 'none' };
}

/** SENTINEL SET name auth-pass password */
function sentinel(args: readonly CommandArgument[]): Redaction {
  return commandName(args[1]) === 'SET' ? maskedBehindNames(args, 3) : { args, secrecy: 'none' };
}

/** Behind each name of a secret parameter, from `first` on: not each second one, for somebody may have miscounted. */
function maskedBehindNames(args: readonly CommandArgument[], first: number): Redaction {
  return masked(args, (index) => index > first && isSecretParameter(textOf(args[index - 1])));
}

function masked(args: readonly CommandArgument[], isSecret: (index: number) => boolean): Redaction {
  return { args: args.map((arg, index) => (isSecret(index) ? REDACTED : arg)), secrecy: 'errors' };
}

function textOf(argument: CommandArgument | undefined): string {
  return argument instanceof Uint8Array ? Buffer.from(argument).toString('latin1') : String(argument);
}
