import type { ChannelEnd } from './channel-ends.js';
import type { Inspection } from './inspect.js';
import { printable } from './printable.js';
import type { SseChannelView } from './sse-channels.js';
import type { Subscriptions, TopicView } from './subscriptions.js';
import { formatTable } from './table.js';

/** Listeners of a channel that are listed; who wants all takes JSON. */
const LISTENERS = 20;

/** An inspection for people. */
export function formatInspection({ at, channels, sse, subscriptions }: Inspection, server: string): string {
  return [
    `${server}, ${at}`,
    section('Channels', channelLines(channels)),
    section('Receivers', consumerLines(channels)),
    section('SSE channels', sse.flatMap(sseLines)),
    section('Subscriptions', subscriptionLines(subscriptions)),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  const body = lines.length === 0 ? ['none'] : lines;
  return ['', title, ...body.map((line) => `  ${line}`)].join('\n');
}

function channelLines(ends: readonly ChannelEnd[]): string[] {
  return formatTable(
    ['channel', 'to', 'waiting', 'returned', 'in process', 'dead', 'receivers', 'oldest'],
    ends.map((end) => [
      end.channel,
      end.to,
      end.waiting,
      end.returned,
      end.inProcess,
      end.deadLetters,
      end.consumers.length,
      end.oldestAgeMs === null ? '-' : duration(end.oldestAgeMs),
    ]),
  );
}

function consumerLines(ends: readonly ChannelEnd[]): string[] {
  return ends.flatMap(({ channel, to, consumers }) =>
    consumers.flatMap(({ id, inProcess, aliveForMs, pending }) => [
      `${printable(channel)} to ${to}, ${printable(id)}: ${inProcess} pending, ${life(aliveForMs)}`,
      ...pending.map(
        ({ deliveries, text }) => `  ${printable(text)}${deliveries > 1 ? ` (delivery ${deliveries})` : ''}`,
      ),
      ...(pending.length > 0 && pending.length < inProcess ? [`  … ${inProcess - pending.length} more`] : []),
    ]),
  );
}

function life(aliveForMs: number): string {
  if (aliveForMs < 0) return `dead for ${duration(-aliveForMs)}`;
  return `counts as alive for ${duration(aliveForMs)}`;
}

function sseLines({ channel, listeners, unreadable }: SseChannelView): string[] {
  const present = listeners.filter(({ isPresent }) => isPresent).length;
  const first = [...listeners].sort((one, other) => Number(other.isPresent) - Number(one.isPresent));
  const rows = first
    .slice(0, LISTENERS)
    .map(({ id, isPresent, position }) => [id, isPresent ? 'present' : 'away', position ?? '-']);
  return [
    `${printable(channel)}: ${counted(listeners.length, 'listener')}, ${present} present`,
    ...formatTable(['listener', 'state', 'position'], rows).map((line) => `  ${line}`),
    ...(listeners.length > LISTENERS ? [`  … ${listeners.length - LISTENERS} more`] : []),
    ...(unreadable.length > 0
      ? [`  ${unreadable.length} cannot be read: ${printable(unreadable.join(', '))}`]
      : []),
  ];
}

function subscriptionLines({ channels, patterns, shardChannels }: Subscriptions): string[] {
  const rows = (kind: string, topics: readonly TopicView[]) =>
    topics.map(({ channel, subscribers }) => [channel, kind, subscribers]);
  const all = [...rows('channel', channels), ...rows('shard', shardChannels ?? [])];
  return [...formatTable(['topic', 'kind', 'subscribers'], all), counted(patterns, 'pattern')];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
