/** Why a command may not be sent, and what to do instead. */
export interface Refusal {
  readonly reason: string;
  readonly instead: string;
  /** On an exclusive connection it is fine; that connection has to be reset afterwards. */
  readonly exclusive: boolean;
  /** `false`: but not between MULTI and EXEC. */
  readonly transaction?: boolean;
  /** It is answered by pushes. */
  readonly pushReplied?: boolean;
}

const subscription: Refusal = {
  reason: 'its replies are pushes, and a subscription must be made again after every reconnect',
  instead: 'use subscribe() and the handle that it gives',
  exclusive: true,
  transaction: false,
  pushReplied: true,
};

const bareTransaction: Refusal = {
  reason: 'commands of other callers would get into the transaction',
  instead: 'use transaction() or update(), or withConnection()',
  exclusive: true,
  transaction: false,
};

const replication: Refusal = {
  reason: 'it turns the connection into a stream of replication',
  instead: 'connect a replica',
  exclusive: false,
};

const ownWrites: Refusal = {
  reason: 'it counts the replicas of its own connection, which holds the writes of others',
  instead: 'use withConnection() for the writes and for it',
  exclusive: true,
};
const cluster: Refusal = {
  reason: 'it changes what a cluster node does for all other callers',
  instead: 'use withConnection()',
  exclusive: true,
};

const tracking: Refusal = {
  reason: 'it changes what the server reports for all other callers, until the next reconnect',
  instead: 'use the cache of @redlane/client/cache, or withConnection()',
  exclusive: true,
};

/** Commands that break the order of replies, or the connection for those who share it. */
export const REFUSALS: Readonly<Record<string, Refusal>> = {
  SUBSCRIBE: subscription,
  PSUBSCRIBE: subscription,
  SSUBSCRIBE: subscription,
  UNSUBSCRIBE: subscription,
  PUNSUBSCRIBE: subscription,
  SUNSUBSCRIBE: subscription,
  MULTI: bareTransaction,
  EXEC: bareTransaction,
  DISCARD: bareTransaction,
  WATCH: bareTransaction,
  UNWATCH: bareTransaction,
  SELECT: {
    reason: 'it changes the database for all other callers, until the next reconnect',
    instead: 'set the option db of another client, or use withConnection()',
    exclusive: true,
  },
  ASKING: cluster,
  READONLY: cluster,
  READWRITE: cluster,
  WAIT: ownWrites,
  WAITAOF: ownWrites,
  MONITOR: {
    reason: 'what it sends cannot be told from replies',
    instead: 'run redis-cli MONITOR',
    exclusive: false,
  },
  HELLO: {
    reason: 'the handshake is done, and another protocol would garble the replies under way',
    instead: 'set the options protocol, username, password and clientName',
    exclusive: false,
  },
  AUTH: {
    reason: 'a server may leave its failure without a reply',
    instead: 'set the options username and password, or credentials',
    exclusive: false,
  },
  RESET: {
    reason: 'it undoes the handshake',
    instead: 'use withConnection(), which resets its connection by itself',
    exclusive: false,
  },
  QUIT: { reason: 'the server would close the connection', instead: 'use close()', exclusive: false },
  SYNC: replication,
  PSYNC: replication,
  REPLCONF: replication,
};

/** The same for subcommands. */
export const SUBCOMMAND_REFUSALS: Readonly<Record<string, Readonly<Record<string, Refusal>>>> = {
  CLIENT: {
    REPLY: {
      reason: 'commands without replies would get those of others',
      instead: 'ignore the replies',
      exclusive: false,
    },
    TRACKING: tracking,
    CACHING: tracking,
  },
};
