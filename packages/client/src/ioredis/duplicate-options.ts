/**
 * Options of a duplicate that is used for one connection and then thrown away. Everything in ioredis that acts by itself
 * when a connection is lost is off: what becomes of commands and subscriptions is decided here.
 */
export const ONE_CONNECTION: object = {
  lazyConnect: true,
  retryStrategy: null,
  sentinelRetryStrategy: null,
  reconnectOnError: null,
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: false,
  // Counts reconnects, of which there are none.
  maxRetriesPerRequest: null,
  // They would settle a command behind our back, while its reply may still come.
  commandTimeout: undefined,
  socketTimeout: undefined,
  blockingTimeout: undefined,
  // Replies come in RESP2's shapes, and integers as text, so that none is rounded.
  protocol: 2,
  replyMapping: 'legacy',
  stringNumbers: true,
  keyPrefix: '',
  scripts: undefined,
  himportFieldsets: undefined,
  showFriendlyErrorStack: false,
  monitor: false,
  // How long the other side may take to close a connection that we end, and between two looks at a server that loads:
  // timers that would outlive a close().
  disconnectTimeout: 200,
  maxLoadingRetryTime: 500,
};

/** Options of a duplicate of a cluster that only tells which node has which slot. Nothing is sent over it. */
export function slotSource(slotsRefreshInterval: number | undefined): object {
  return {
    lazyConnect: true,
    clusterRetryStrategy: null,
    enableReadyCheck: false,
    enableAutoPipelining: false,
    retryDelayOnFailover: 0,
    scaleReads: 'master',
    shardedSubscribers: false,
    keyPrefix: '',
    scripts: undefined,
    himportFieldsets: undefined,
    slotsRefreshInterval: slotsRefreshInterval ?? 30_000,
    redisOptions: {
      keyPrefix: '',
      // With text for numbers ioredis misreads the ranges of CLUSTER SLOTS.
      stringNumbers: false,
      autoResendUnfulfilledCommands: false,
      enableAutoPipelining: false,
      maxRetriesPerRequest: null,
      disconnectTimeout: 200,
    },
  };
}
