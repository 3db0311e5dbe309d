/**
 * Types that signatures mention and nobody has to name: aliases that are written out where they are used, and parts of
 * objects that users get from us and never make. Whatever else a signature mentions has to be exported.
 */
export const innerTypes = {
  '@redlane/client': [
    'src/address.ts:Endpoint',
    'src/blocking-timeout.ts:Args',
    'src/blocking-timeout.ts:ReadTimeout',
    'src/cache/cacheable-commands.ts:Name',
    'src/client-options.ts:ResolvedOptions',
    'src/codec/codec-errors.ts:Details',
    'src/codec/standard-schema.ts:Types',
    'src/command.ts:Command',
    'src/commands/command-words.ts:COMMAND_WORDS',
    'src/errors.ts:Cause',
    'src/latency-histogram.ts:LatencyHistogram',
    'src/recorder/read-recording.ts:Moment',
    'src/recorder/read-recording.ts:OnConnection',
    'src/recorder/recording-slot.ts:RecordingSlot',
  ],
  '@redlane/pubsub-manager': [
    'src/carrier.ts:Carrier',
    'src/client-events.ts:Client',
    'src/message-info.ts:Raw',
    'src/manager.ts:Client',
  ],
  '@redlane/sse-persistence': [
    'src/queue/queue-options.ts:ResolvedQueueOptions',
    'src/store/channel-index.ts:ChannelIndex',
    'src/store/redis-channel-store.ts:RedisChannelStore',
  ],
  '@redlane/vlcp-compat': [
    'src/redis-client-base.ts:ContextCall',
    'src/redis-client-base.ts:ContextTask',
    'src/redis-client.ts:BytesCall',
    'src/redis-client.ts:Key',
  ],
};
