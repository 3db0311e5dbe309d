import type { DriverSource, RedisDriver } from '@redlane/client';
import { ListConsumer, type ListConsumerKeys } from '@redlane/client/list-consumer';
import { type ChannelName, channelName, keysBeside, otherPeer, type Peer, withHashTag } from './address.js';
import { type ChannelCodec, channelCodec } from './codec.js';
import { type Counters, newCounters } from './counters.js';
import { ExpiryRenewal } from './expiry-renewal.js';
import type { Intake, IntakeContext } from './intake.js';
import { openDriver } from './open-driver.js';
import { Opener } from './opener.js';
import { type ChannelOptions, type ChannelSettings, resolveOptions } from './options.js';
import { PlainIntake } from './plain-intake.js';
import { Receiver } from './receiver.js';
import { ReliableIntake } from './reliable-intake.js';
import { Sender } from './sender.js';
import { ServerClock } from './server-clock.js';

/** What a channel is made of. */
export interface ChannelParts<Incoming, Outgoing, Reliable extends boolean> {
  readonly channel: string;
  readonly sendListName: string;
  readonly recvListName: string;
  readonly driver: RedisDriver;
  closeDriver(): Promise<void>;
  readonly settings: ChannelSettings;
  readonly codec: ChannelCodec<Incoming, Outgoing>;
  readonly counters: Counters;
  /** Messages go in envelopes, which need it. */
  readonly clock: ServerClock | undefined;
  readonly opener: Opener<Incoming>;
  readonly sender: Sender<Outgoing>;
  /** Keeps deliveries and dead letters. */
  readonly consumer: ListConsumer<'bytes' | 'string'>;
  readonly intake: Intake;
  readonly receiver: Receiver<Incoming, Reliable>;
}

/** Puts a channel together; nothing is connected. @throws InvalidOptionError (`INVALID_OPTION`) */
export function channelParts<Incoming, Outgoing, Reliable extends boolean>(
  address: DriverSource,
  name: ChannelName,
  peer: Peer,
  given: ChannelOptions<Incoming, Outgoing, Reliable>,
): ChannelParts<Incoming, Outgoing, Reliable> {
  const settings = resolveOptions(given);
  const other = otherPeer(peer);
  const channel = channelName(name, settings);
  const codec = channelCodec(given);
  const { driver, close: closeDriver } = openDriver(address);
  const { reliable, expireMs, refreshOnReceive } = settings;
  let place: Place;
  let consumer: ListConsumer<'bytes' | 'string'>;
  try {
    place = placeOf(channel, [peer, other], driver, settings);
    consumer = newConsumer(driver, place, codec.replies, given, settings);
  } catch (error) {
    void closeDriver();
    throw error;
  }
  const { sendListName, recvListName, keys } = place;
  const counters = newCounters();
  const clock = settings.envelope ? new ServerClock(driver) : undefined;
  const opener = new Opener(codec, clock);
  const context: IntakeContext = {
    driver,
    channel,
    list: recvListName,
    keys,
    replies: codec.replies,
    prefetch: settings.prefetch,
    renewMs: refreshOnReceive ? (expireMs ?? undefined) : undefined,
    counters,
  };
  const intake = reliable ? new ReliableIntake(context, consumer) : new PlainIntake(context, consumer);
  const receiver = new Receiver<Incoming, Reliable>({
    intake,
    opener,
    settler: reliable ? consumer : undefined,
    renewal:
      context.renewMs === undefined ? undefined : new ExpiryRenewal(driver, recvListName, context.renewMs),
    counters,
    onUndecodable: given.onUndecodable,
  });
  const sender = new Sender({ driver, channel, list: sendListName, codec, clock, settings, counters });
  return {
    channel,
    sendListName,
    recvListName,
    driver,
    closeDriver,
    settings,
    codec,
    counters,
    clock,
    opener,
    sender,
    consumer,
    intake,
    receiver,
  };
}

interface Place {
  readonly sendListName: string;
  readonly recvListName: string;
  /** Of what is kept beside the list that is received from. */
  readonly keys: ListConsumerKeys;
}

function placeOf(
  channel: string,
  [peer, other]: readonly [Peer, Peer],
  driver: RedisDriver,
  { hashTag }: ChannelSettings,
): Place {
  const base = hashTag && driver.topology === 'cluster' ? withHashTag(channel) : channel;
  const recvListName = `${base}/${other}`;
  return { sendListName: `${base}/${peer}`, recvListName, keys: keysBeside(recvListName, driver) };
}

type ConsumerOptions = Pick<
  ChannelOptions<unknown, unknown, boolean>,
  'consumerId' | 'heartbeatMs' | 'deadAfterMs' | 'maxDeliveries'
>;

function newConsumer(
  driver: RedisDriver,
  { recvListName, keys }: Place,
  replies: 'bytes' | 'string',
  { consumerId, heartbeatMs, deadAfterMs, maxDeliveries }: ConsumerOptions,
  { prefetch, maxDeadLetters }: ChannelSettings,
): ListConsumer<'bytes' | 'string'> {
  return new ListConsumer<'bytes' | 'string'>(driver, {
    source: recvListName,
    keys,
    replies,
    id: consumerId,
    prefetch: Math.max(1, prefetch),
    heartbeatMs,
    deadAfterMs,
    maxDeliveries,
    maxDeadLetters,
  });
}
