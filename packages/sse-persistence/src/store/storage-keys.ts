import { InvalidOptionError } from '@redlane/client';
import { type StreamLogKeys, streamLogKeys } from '@redlane/client/stream-log';

/** Python's keys begin with it. */
const PYTHON_ROOT = 'eric-redis-queues';
/** Of `c:` keys, to find those that are in no index. */
export const PYTHON_CHANNELS_GLOB: string = `${PYTHON_ROOT}:c:*`;
export const PYTHON_LISTENERS_GLOB: string = `${PYTHON_ROOT}:l:*`;
/** Sorted set: ids of channels by last use, those that were persisted at infinity. */
export const CHANNEL_INDEX = 'sse:channels';

/** Keys of a channel. All but `log.topic` are in one slot of a cluster. */
export interface ChannelKeys {
  readonly log: StreamLogKeys;
  /** Hash: listener to its row. */
  readonly listeners: string;
  /** Hash: listener to the position up to which it was delivered to. */
  readonly pos: string;
  /** Sorted set: listener to the moment in ms until which it counts as present. */
  readonly seen: string;
  /** Hash: listener to the process that serves it. */
  readonly who: string;
  /** Sorted set: listener to the moment until which it gets nothing more; '' is everybody. */
  readonly stopped: string;
  /** Topic: what processes that serve the channel tell each other. */
  readonly control: string;
}

export function channelKeys(channelId: string): ChannelKeys {
  const prefix = `sse:{${segment(channelId, 'channelId')}}`;
  const log = streamLogKeys(prefix);
  return {
    log: { ...log, inbox: (target) => log.inbox(encodeId(target)) },
    listeners: `${prefix}:listeners`,
    pos: `${prefix}:pos`,
    seen: `${prefix}:seen`,
    who: `${prefix}:who`,
    stopped: `${prefix}:stopped`,
    control: `${prefix}:control`,
  };
}

/** List: a listener's messages, where a channel delivers through queues. The same name is the topic that wakes up. */
export function queueKey(listenerId: string): string {
  return `sse:q:{${segment(listenerId, 'listenerId')}}`;
}

/** List: what was popped and was no message. */
export function deadLetterKey(listenerId: string): string {
  return `${queueKey(listenerId)}:dead`;
}

/** String, shared with Python: a channel's three values. */
export function pythonChannelKey(channelId: string): string {
  return `${PYTHON_ROOT}:c:${checkId(channelId, 'channelId')}`;
}

/** Strings of Python's that are never written here. */
export function pythonListenerKey(channelId: string, listenerId: string): string {
  return `${PYTHON_ROOT}:l:${channelId}:${listenerId}`;
}

export function pythonQueueKey(listenerId: string): string {
  return `${PYTHON_ROOT}:q:${listenerId}`;
}

export function channelIdOf(pythonKey: string): string {
  return pythonKey.slice(`${PYTHON_ROOT}:c:`.length);
}

/** @throws InvalidOptionError unless it is a text that is not empty */
export function checkId(id: unknown, option: string): string {
  if (typeof id === 'string' && id !== '' && !/\p{Surrogate}/u.test(id)) return id;
  throw new InvalidOptionError(option, 'must be a string that is not empty and well-formed Unicode');
}

/** So that ids can neither end a segment, nor a hash tag, nor be taken for a glob. */
function segment(id: string, option: string): string {
  return encodeId(checkId(id, option));
}

function encodeId(id: string): string {
  return encodeURIComponent(id).replace(
    /[*!'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
