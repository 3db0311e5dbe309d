import { InvalidOptionError, type RedisDriver } from '@redlane/client';
import type { ListConsumerKeys } from '@redlane/client/list-consumer';
import { listConsumerKeys } from '@redlane/client/list-consumer';

/** Which end of a channel one is. */
export type Peer = 'client' | 'server';

/** `/a/b`, or the parts of such a name: `['a', 'b']`. */
export type ChannelName = string | readonly string[];

const PEERS: readonly Peer[] = ['client', 'server'];

export interface NameOptions {
  /** Take any name as it is: what another program uses, say. */
  readonly unsafeName?: boolean | undefined;
}

/**
 * The name of a channel, from itself or from its parts.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for a name that could be mistaken for another, or would never be listed
 */
export function channelName(channel: ChannelName, { unsafeName = false }: NameOptions = {}): string {
  const name = typeof channel === 'string' ? channel : joined(channel, 'channel');
  if (unsafeName) {
    if (name === '') throw refused('channel', 'must not be empty');
    return name;
  }
  if (!name.startsWith('/')) throw refused('channel', `must start with "/", as "/${shown(name)}"`);
  if (name === '/' || name.endsWith('/')) throw refused('channel', `must not end with "/": ${shown(name)}`);
  if (name.includes('//')) throw refused('channel', `must not have an empty part: ${shown(name)}`);
  return name;
}

/** What `listChannel` lists under: `/a/`, or the parts of it. @throws InvalidOptionError (`INVALID_OPTION`) */
export function channelPrefix(prefix: ChannelName): string {
  const text = typeof prefix === 'string' ? prefix : prefixOf(prefix);
  if (!text.startsWith('/')) throw refused('prefix', `must start with "/", got "${shown(text)}"`);
  if (text.endsWith('*'))
    throw refused('prefix', 'takes no pattern: leave the "*" out, all below it is listed');
  if (!text.endsWith('/')) throw refused('prefix', `must end with "/", as "${shown(text)}/"`);
  return text;
}

/** @throws InvalidOptionError (`INVALID_OPTION`), a TypeError */
export function otherPeer(peer: Peer): Peer {
  if (!PEERS.includes(peer)) {
    throw refused('peer', `must be "client" or "server", got ${JSON.stringify(peer) ?? String(peer)}`);
  }
  return peer === 'client' ? 'server' : 'client';
}

/**
 * The name with all of it in a hash tag, so that both lists and all that belongs to them are in one slot.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for one with braces that are no hash tag: they would be taken for the end of it
 */
export function withHashTag(name: string): string {
  if (hasHashTag(name)) return name;
  if (/[{}]/.test(name)) {
    const problem =
      'has braces that are no hash tag, which a cluster would take for one: leave them out, or set';
    throw refused('channel', `${problem} hashTag: false: ${shown(name)}`);
  }
  return name.startsWith('/') ? `/{${name.slice(1)}}` : `{${name}}`;
}

/** Undoes {@link withHashTag}. */
export function withoutHashTag(name: string): string {
  return /^\/\{([^{}]+)\}$/.test(name) ? `/${name.slice(2, -1)}` : name;
}

/**
 * The keys of what is kept beside a list. None ends like a list of a channel, so nobody takes them for one. In a cluster
 * they are in the slot of their list, whatever its name is.
 */
export function keysBeside(list: string, { topology }: Pick<RedisDriver, 'topology'>): ListConsumerKeys {
  const prefix = prefixBeside(list, { topology });
  return {
    ...listConsumerKeys(prefix),
    staging: (id) => `${prefix}:staging:${encodeURIComponent(id)}`,
    acked: (id) => `${prefix}:acked:${encodeURIComponent(id)}`,
    work: (id) => `${prefix}:work:${encodeURIComponent(id)}`,
  };
}

/** The list that replies to one requester go to, beside the list that it receives from. */
export function replyList(list: string, requester: string, driver: Pick<RedisDriver, 'topology'>): string {
  return `${prefixBeside(list, driver)}:reply:${encodeURIComponent(requester)}`;
}

/** Makes a glob that matches the text and nothing else. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

function prefixBeside(list: string, { topology }: Pick<RedisDriver, 'topology'>): string {
  return topology === 'cluster' && !hasHashTag(list) ? `{${list}}` : list;
}

function hasHashTag(key: string): boolean {
  const open = key.indexOf('{');
  return open >= 0 && key.indexOf('}', open + 1) > open + 1;
}

function prefixOf(parts: readonly string[]): string {
  return Array.isArray(parts) && parts.length === 0 ? '/' : `${joined(parts, 'prefix')}/`;
}

function joined(parts: readonly string[], option: string): string {
  if (!Array.isArray(parts) || parts.length === 0) {
    throw refused(option, 'must be a name as "/a/b", or its parts as ["a", "b"]');
  }
  for (const part of parts) {
    if (typeof part !== 'string' || part === '' || part.includes('/')) {
      throw refused(option, `has a part that is no text, empty or with a "/": ${JSON.stringify(part) ?? ''}`);
    }
  }
  return `/${parts.join('/')}`;
}

function refused(option: string, problem: string): InvalidOptionError {
  return new InvalidOptionError(option, problem);
}

function shown(text: unknown): string {
  return String(text).slice(0, 80);
}
