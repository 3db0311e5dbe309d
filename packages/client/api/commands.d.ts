// The API of @redlane/client/commands, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
import { RespValue } from '@redlane/resp3-core';
type AnyCommand = <T = RespValue>(...args: CommandArgument[]) => Promise<T>;
declare const COMMAND_WORDS: {
    acl: string;
    aclCat: string;
    aclDeluser: string;
    aclDryrun: string;
    aclGenpass: string;
    aclGetuser: string;
    aclHelp: string;
    aclList: string;
    aclLoad: string;
    aclLog: string;
    aclSave: string;
    aclSetuser: string;
    aclUsers: string;
    aclWhoami: string;
    append: string;
    asking: string;
    auth: string;
    bfAdd: string;
    bfCard: string;
    bfExists: string;
    bfInfo: string;
    bfInsert: string;
    bfLoadchunk: string;
    bfMadd: string;
    bfMexists: string;
    bfReserve: string;
    bfScandump: string;
    bgrewriteaof: string;
    bgsave: string;
    bitcount: string;
    bitfield: string;
    bitfieldRo: string;
    bitop: string;
    bitpos: string;
    blmove: string;
    blmpop: string;
    blpop: string;
    brpop: string;
    brpoplpush: string;
    bzmpop: string;
    bzpopmax: string;
    bzpopmin: string;
    cfAdd: string;
    cfAddnx: string;
    cfCount: string;
    cfDel: string;
    cfExists: string;
    cfInfo: string;
    cfInsert: string;
    cfInsertnx: string;
    cfLoadchunk: string;
    cfMexists: string;
    cfReserve: string;
    cfScandump: string;
    client: string;
    clientCaching: string;
    clientCapa: string;
    clientGetname: string;
    clientGetredir: string;
    clientHelp: string;
    clientId: string;
    clientImportSource: string;
    clientInfo: string;
    clientKill: string;
    clientList: string;
    clientNoEvict: string;
    clientNoTouch: string;
    clientPause: string;
    clientReply: string;
    clientSetinfo: string;
    clientSetname: string;
    clientTracking: string;
    clientTrackinginfo: string;
    clientUnblock: string;
    clientUnpause: string;
    cluster: string;
    clusterAddslots: string;
    clusterAddslotsrange: string;
    clusterBumpepoch: string;
    clusterCancelslotmigrations: string;
    clusterCountFailureReports: string;
    clusterCountkeysinslot: string;
    clusterDelslots: string;
    clusterDelslotsrange: string;
    clusterFailover: string;
    clusterFlushslot: string;
    clusterFlushslots: string;
    clusterForget: string;
    clusterGetkeysinslot: string;
    clusterGetslotmigrations: string;
    clusterHelp: string;
    clusterInfo: string;
    clusterKeyslot: string;
    clusterLinks: string;
    clusterMeet: string;
    clusterMigrateslots: string;
    clusterMigration: string;
    clusterMyid: string;
    clusterMyshardid: string;
    clusterNodes: string;
    clusterReplicas: string;
    clusterReplicate: string;
    clusterReset: string;
    clusterSaveconfig: string;
    clusterSetConfigEpoch: string;
    clusterSetslot: string;
    clusterShards: string;
    clusterSlaves: string;
    clusterSlotStats: string;
    clusterSlots: string;
    cmsIncrby: string;
    cmsInfo: string;
    cmsInitbydim: string;
    cmsInitbyprob: string;
    cmsMerge: string;
    cmsQuery: string;
    command: string;
    commandCount: string;
    commandDocs: string;
    commandGetkeys: string;
    commandGetkeysandflags: string;
    commandHelp: string;
    commandInfo: string;
    commandList: string;
    commandlog: string;
    commandlogGet: string;
    commandlogHelp: string;
    commandlogLen: string;
    commandlogReset: string;
    config: string;
    configGet: string;
    configHelp: string;
    configResetstat: string;
    configRewrite: string;
    configSet: string;
    copy: string;
    dbsize: string;
    debug: string;
    decr: string;
    decrby: string;
    del: string;
    delex: string;
    delifeq: string;
    digest: string;
    discard: string;
    dump: string;
    echo: string;
    eval: string;
    evalsha: string;
    evalshaRo: string;
    evalRo: string;
    exec: string;
    exists: string;
    expire: string;
    expireat: string;
    expiretime: string;
    failover: string;
    fcall: string;
    fcallRo: string;
    flushall: string;
    flushdb: string;
    ftAggregate: string;
    ftAliasadd: string;
    ftAliasdel: string;
    ftAliasupdate: string;
    ftAlter: string;
    ftConfig: string;
    ftConfigGet: string;
    ftConfigHelp: string;
    ftConfigSet: string;
    ftCreate: string;
    ftCursor: string;
    ftCursorDel: string;
    ftCursorRead: string;
    ftDictadd: string;
    ftDictdel: string;
    ftDictdump: string;
    ftDropindex: string;
    ftExplain: string;
    ftExplaincli: string;
    ftHybrid: string;
    ftInfo: string;
    ftProfile: string;
    ftSearch: string;
    ftSpellcheck: string;
    ftSugadd: string;
    ftSugdel: string;
    ftSugget: string;
    ftSuglen: string;
    ftSyndump: string;
    ftSynupdate: string;
    ftTagvals: string;
    ftList: string;
    function: string;
    functionDelete: string;
    functionDump: string;
    functionFlush: string;
    functionHelp: string;
    functionKill: string;
    functionList: string;
    functionLoad: string;
    functionRestore: string;
    functionStats: string;
    geoadd: string;
    geodist: string;
    geohash: string;
    geopos: string;
    georadius: string;
    georadiusbymember: string;
    georadiusbymemberRo: string;
    georadiusRo: string;
    geosearch: string;
    geosearchstore: string;
    get: string;
    getbit: string;
    getdel: string;
    getex: string;
    getrange: string;
    getset: string;
    hdel: string;
    hello: string;
    hexists: string;
    hexpire: string;
    hexpireat: string;
    hexpiretime: string;
    hget: string;
    hgetall: string;
    hgetdel: string;
    hgetex: string;
    hincrby: string;
    hincrbyfloat: string;
    hkeys: string;
    hlen: string;
    hmget: string;
    hmset: string;
    hpersist: string;
    hpexpire: string;
    hpexpireat: string;
    hpexpiretime: string;
    hpttl: string;
    hrandfield: string;
    hscan: string;
    hset: string;
    hsetex: string;
    hsetnx: string;
    hstrlen: string;
    httl: string;
    hvals: string;
    incr: string;
    incrby: string;
    incrbyfloat: string;
    info: string;
    jsonArrappend: string;
    jsonArrindex: string;
    jsonArrinsert: string;
    jsonArrlen: string;
    jsonArrpop: string;
    jsonArrtrim: string;
    jsonClear: string;
    jsonDebug: string;
    jsonDebugHelp: string;
    jsonDebugMemory: string;
    jsonDel: string;
    jsonForget: string;
    jsonGet: string;
    jsonMerge: string;
    jsonMget: string;
    jsonMset: string;
    jsonNumincrby: string;
    jsonNummultby: string;
    jsonNumpowby: string;
    jsonObjkeys: string;
    jsonObjlen: string;
    jsonResp: string;
    jsonSet: string;
    jsonStrappend: string;
    jsonStrlen: string;
    jsonToggle: string;
    jsonType: string;
    keys: string;
    lastsave: string;
    latency: string;
    latencyDoctor: string;
    latencyGraph: string;
    latencyHelp: string;
    latencyHistogram: string;
    latencyHistory: string;
    latencyLatest: string;
    latencyReset: string;
    lcs: string;
    lindex: string;
    linsert: string;
    llen: string;
    lmove: string;
    lmpop: string;
    lolwut: string;
    lpop: string;
    lpos: string;
    lpush: string;
    lpushx: string;
    lrange: string;
    lrem: string;
    lset: string;
    ltrim: string;
    memory: string;
    memoryDoctor: string;
    memoryHelp: string;
    memoryMallocStats: string;
    memoryPurge: string;
    memoryStats: string;
    memoryUsage: string;
    mget: string;
    migrate: string;
    module: string;
    moduleHelp: string;
    moduleList: string;
    moduleLoad: string;
    moduleLoadex: string;
    moduleUnload: string;
    monitor: string;
    move: string;
    mset: string;
    msetex: string;
    msetnx: string;
    multi: string;
    object: string;
    objectEncoding: string;
    objectFreq: string;
    objectHelp: string;
    objectIdletime: string;
    objectRefcount: string;
    persist: string;
    pexpire: string;
    pexpireat: string;
    pexpiretime: string;
    pfadd: string;
    pfcount: string;
    pfdebug: string;
    pfmerge: string;
    pfselftest: string;
    ping: string;
    psetex: string;
    psubscribe: string;
    psync: string;
    pttl: string;
    publish: string;
    pubsub: string;
    pubsubChannels: string;
    pubsubHelp: string;
    pubsubNumpat: string;
    pubsubNumsub: string;
    pubsubShardchannels: string;
    pubsubShardnumsub: string;
    punsubscribe: string;
    quit: string;
    randomkey: string;
    readonly: string;
    readwrite: string;
    rename: string;
    renamenx: string;
    replconf: string;
    replicaof: string;
    reset: string;
    restore: string;
    restoreAsking: string;
    role: string;
    rpop: string;
    rpoplpush: string;
    rpush: string;
    rpushx: string;
    sadd: string;
    save: string;
    scan: string;
    scard: string;
    script: string;
    scriptDebug: string;
    scriptExists: string;
    scriptFlush: string;
    scriptHelp: string;
    scriptKill: string;
    scriptLoad: string;
    scriptShow: string;
    sdiff: string;
    sdiffstore: string;
    select: string;
    sentinel: string;
    sentinelCkquorum: string;
    sentinelConfig: string;
    sentinelDebug: string;
    sentinelFailover: string;
    sentinelFlushconfig: string;
    sentinelGetMasterAddrByName: string;
    sentinelGetPrimaryAddrByName: string;
    sentinelHelp: string;
    sentinelInfoCache: string;
    sentinelIsMasterDownByAddr: string;
    sentinelIsPrimaryDownByAddr: string;
    sentinelMaster: string;
    sentinelMasters: string;
    sentinelMonitor: string;
    sentinelMyid: string;
    sentinelPendingScripts: string;
    sentinelPrimaries: string;
    sentinelPrimary: string;
    sentinelRemove: string;
    sentinelReplicas: string;
    sentinelReset: string;
    sentinelSentinels: string;
    sentinelSet: string;
    sentinelSimulateFailure: string;
    sentinelSlaves: string;
    set: string;
    setbit: string;
    setex: string;
    setnx: string;
    setrange: string;
    shutdown: string;
    sinter: string;
    sintercard: string;
    sinterstore: string;
    sismember: string;
    slaveof: string;
    slowlog: string;
    slowlogGet: string;
    slowlogHelp: string;
    slowlogLen: string;
    slowlogReset: string;
    smembers: string;
    smismember: string;
    smove: string;
    sort: string;
    sortRo: string;
    spop: string;
    spublish: string;
    srandmember: string;
    srem: string;
    sscan: string;
    ssubscribe: string;
    strlen: string;
    subscribe: string;
    substr: string;
    sunion: string;
    sunionstore: string;
    sunsubscribe: string;
    swapdb: string;
    sync: string;
    tdigestAdd: string;
    tdigestByrank: string;
    tdigestByrevrank: string;
    tdigestCdf: string;
    tdigestCreate: string;
    tdigestInfo: string;
    tdigestMax: string;
    tdigestMerge: string;
    tdigestMin: string;
    tdigestQuantile: string;
    tdigestRank: string;
    tdigestReset: string;
    tdigestRevrank: string;
    tdigestTrimmedMean: string;
    time: string;
    topkAdd: string;
    topkCount: string;
    topkIncrby: string;
    topkInfo: string;
    topkList: string;
    topkQuery: string;
    topkReserve: string;
    touch: string;
    tsAdd: string;
    tsAlter: string;
    tsCreate: string;
    tsCreaterule: string;
    tsDecrby: string;
    tsDel: string;
    tsDeleterule: string;
    tsGet: string;
    tsIncrby: string;
    tsInfo: string;
    tsMadd: string;
    tsMget: string;
    tsMrange: string;
    tsMrevrange: string;
    tsQueryindex: string;
    tsRange: string;
    tsRevrange: string;
    ttl: string;
    type: string;
    unlink: string;
    unsubscribe: string;
    unwatch: string;
    vadd: string;
    vcard: string;
    vdim: string;
    vemb: string;
    vgetattr: string;
    vinfo: string;
    vismember: string;
    vlinks: string;
    vrandmember: string;
    vrange: string;
    vrem: string;
    vsetattr: string;
    vsim: string;
    wait: string;
    waitaof: string;
    watch: string;
    xack: string;
    xackdel: string;
    xadd: string;
    xautoclaim: string;
    xclaim: string;
    xdel: string;
    xdelex: string;
    xgroup: string;
    xgroupCreate: string;
    xgroupCreateconsumer: string;
    xgroupDelconsumer: string;
    xgroupDestroy: string;
    xgroupHelp: string;
    xgroupSetid: string;
    xinfo: string;
    xinfoConsumers: string;
    xinfoGroups: string;
    xinfoHelp: string;
    xinfoStream: string;
    xlen: string;
    xpending: string;
    xrange: string;
    xread: string;
    xreadgroup: string;
    xrevrange: string;
    xsetid: string;
    xtrim: string;
    zadd: string;
    zcard: string;
    zcount: string;
    zdiff: string;
    zdiffstore: string;
    zincrby: string;
    zinter: string;
    zintercard: string;
    zinterstore: string;
    zlexcount: string;
    zmpop: string;
    zmscore: string;
    zpopmax: string;
    zpopmin: string;
    zrandmember: string;
    zrange: string;
    zrangebylex: string;
    zrangebyscore: string;
    zrangestore: string;
    zrank: string;
    zrem: string;
    zremrangebylex: string;
    zremrangebyrank: string;
    zremrangebyscore: string;
    zrevrange: string;
    zrevrangebylex: string;
    zrevrangebyscore: string;
    zrevrank: string;
    zscan: string;
    zscore: string;
    zunion: string;
    zunionstore: string;
};
interface Claimed<Text extends ReplyText = string> {
    readonly cursor: string;
    readonly entries: GroupEntry<Text>[];
    readonly deleted: string[];
}
interface CommandCaller {
    call<T>(words: readonly CommandArgument[]): Promise<T>;
    with(options: DriverCallOptions & {
        readonly maps: 'map';
    }): CommandCaller;
}
type CommandName = keyof typeof COMMAND_WORDS;
type CommandSender = Pick<DriverCommands, 'send'>;
interface Commands<Text extends ReplyText = string> extends TypedCommands<Text>, OtherCommands {
}
interface CommandsOptions extends DriverCallOptions {
}
interface CopyOptions {
    readonly db?: number | undefined;
    readonly replace?: boolean | undefined;
}
interface Delivery {
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
}
type DriverBatch<Text = string> = {
    readonly aborted: false;
    readonly replies: readonly (DriverReply<Text> | ReplyError)[];
} | {
    readonly aborted: true;
};
interface DriverBatchOptions extends DriverCallOptions {
    readonly atomic?: boolean | undefined;
}
interface DriverCallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
}
interface DriverCommands {
    send(args: readonly CommandArgument[], options: DriverCallOptions & {
        replies: 'bytes';
    }): Promise<DriverReply<Uint8Array>>;
    send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
    batch(commands: readonly (readonly CommandArgument[])[], options: DriverBatchOptions & {
        replies: 'bytes';
    }): Promise<DriverBatch<Uint8Array>>;
    batch(commands: readonly (readonly CommandArgument[])[], options?: DriverBatchOptions): Promise<DriverBatch>;
}
type DriverReply<Text = string> = Text | number | bigint | null | readonly DriverReply<Text>[];
interface ExpireOptions {
    readonly nx?: boolean | undefined;
    readonly xx?: boolean | undefined;
    readonly gt?: boolean | undefined;
    readonly lt?: boolean | undefined;
}
interface ExpiryOptions {
    readonly ex?: number | undefined;
    readonly px?: number | undefined;
    readonly exAt?: number | undefined;
    readonly pxAt?: number | undefined;
}
interface GetExOptions extends ExpiryOptions {
    readonly persist?: boolean | undefined;
}
interface GroupEntry<Text extends ReplyText = string> {
    readonly id: string;
    readonly fields: Map<Text, Text> | undefined;
}
interface HashCommands<Text extends ReplyText> {
    hset(key: CommandArgument, fields: Pairs): Promise<number>;
    hset(key: CommandArgument, field: CommandArgument, value: CommandArgument): Promise<number>;
    hsetnx(key: CommandArgument, field: CommandArgument, value: CommandArgument): Promise<boolean>;
    hget(key: CommandArgument, field: CommandArgument): Promise<Text | undefined>;
    hmget(key: CommandArgument, ...fields: CommandArgument[]): Promise<(Text | undefined)[]>;
    hgetall(key: CommandArgument): Promise<Map<Text, Text>>;
    hdel(key: CommandArgument, ...fields: CommandArgument[]): Promise<number>;
    hexists(key: CommandArgument, field: CommandArgument): Promise<boolean>;
    hincrby(key: CommandArgument, field: CommandArgument, by: number | bigint): Promise<number | bigint>;
    hincrbyfloat(key: CommandArgument, field: CommandArgument, by: number): Promise<number>;
    hkeys(key: CommandArgument): Promise<Text[]>;
    hvals(key: CommandArgument): Promise<Text[]>;
    hlen(key: CommandArgument): Promise<number>;
    hscan(key: CommandArgument, cursor: CommandArgument, options?: ScanOptions): Promise<ScanPage<Map<Text, Text>>>;
}
interface KeyCommands<Text extends ReplyText> {
    del(...keys: CommandArgument[]): Promise<number>;
    unlink(...keys: CommandArgument[]): Promise<number>;
    exists(...keys: CommandArgument[]): Promise<number>;
    expire(key: CommandArgument, seconds: number, options?: ExpireOptions): Promise<boolean>;
    pexpire(key: CommandArgument, ms: number, options?: ExpireOptions): Promise<boolean>;
    persist(key: CommandArgument): Promise<boolean>;
    ttl(key: CommandArgument): Promise<number>;
    pttl(key: CommandArgument): Promise<number>;
    type(key: CommandArgument): Promise<string>;
    rename(key: CommandArgument, to: CommandArgument): Promise<'OK'>;
    renamenx(key: CommandArgument, to: CommandArgument): Promise<boolean>;
    copy(from: CommandArgument, to: CommandArgument, options?: CopyOptions): Promise<boolean>;
    keys(pattern: CommandArgument): Promise<Text[]>;
    scan(cursor: CommandArgument, options?: ScanKeysOptions): Promise<ScanPage<Text[]>>;
}
interface ListCommands<Text extends ReplyText> {
    lpush(key: CommandArgument, ...elements: CommandArgument[]): Promise<number>;
    rpush(key: CommandArgument, ...elements: CommandArgument[]): Promise<number>;
    lpop(key: CommandArgument): Promise<Text | undefined>;
    lpop(key: CommandArgument, count: number): Promise<Text[]>;
    rpop(key: CommandArgument): Promise<Text | undefined>;
    rpop(key: CommandArgument, count: number): Promise<Text[]>;
    lmove(from: CommandArgument, to: CommandArgument, take: ListEnd, put: ListEnd): Promise<Text | undefined>;
    llen(key: CommandArgument): Promise<number>;
    lindex(key: CommandArgument, index: number): Promise<Text | undefined>;
    lrange(key: CommandArgument, start: number, stop: number): Promise<Text[]>;
    lset(key: CommandArgument, index: number, element: CommandArgument): Promise<'OK'>;
    linsert(key: CommandArgument, where: 'BEFORE' | 'AFTER', pivot: CommandArgument, element: CommandArgument): Promise<number>;
    lrem(key: CommandArgument, count: number, element: CommandArgument): Promise<number>;
    ltrim(key: CommandArgument, start: number, stop: number): Promise<'OK'>;
    lpos(key: CommandArgument, element: CommandArgument): Promise<number | undefined>;
    blpop(keys: CommandArgument | readonly CommandArgument[], timeoutSeconds: number): Promise<Popped<Text> | undefined>;
    brpop(keys: CommandArgument | readonly CommandArgument[], timeoutSeconds: number): Promise<Popped<Text> | undefined>;
    blmove(from: CommandArgument, to: CommandArgument, take: ListEnd, put: ListEnd, timeoutSeconds: number): Promise<Text | undefined>;
}
type ListEnd = 'LEFT' | 'RIGHT';
type OtherCommands = {
    readonly [Name in Exclude<CommandName, keyof TypedCommands>]: AnyCommand;
};
type Pairs = Readonly<Record<string, CommandArgument>> | Iterable<readonly [
    CommandArgument,
    CommandArgument
]>;
type Phase = 'queued' | 'written' | 'refused' | 'connecting';
type Popped<Text extends ReplyText = string> = [
    key: Text,
    element: Text
];
declare class ReplyError extends RedisError implements Delivery {
    readonly name: string;
    readonly command: string;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    readonly advice: string | undefined;
    constructor(reply: RedisError, command: string);
}
type ReplyText = string | Uint8Array;
interface ScanKeysOptions extends ScanOptions {
    readonly type?: string | undefined;
}
interface ScanOptions {
    readonly match?: CommandArgument | undefined;
    readonly count?: number | undefined;
}
interface ScanPage<Items> {
    readonly cursor: string;
    readonly items: Items;
}
type Scored<Text extends ReplyText = string> = [
    member: Text,
    score: number
];
type ScoresAndMembers = readonly (readonly [
    score: CommandArgument,
    member: CommandArgument
])[];
interface ScriptCommands {
    eval<T = RespValue>(script: string, keys?: readonly CommandArgument[], args?: readonly CommandArgument[]): Promise<T>;
    evalsha<T = RespValue>(sha: string, keys?: readonly CommandArgument[], args?: readonly CommandArgument[]): Promise<T>;
    fcall<T = RespValue>(name: string, keys?: readonly CommandArgument[], args?: readonly CommandArgument[]): Promise<T>;
    scriptLoad(script: string): Promise<string>;
    scriptExists(...shas: string[]): Promise<boolean[]>;
    publish(channel: CommandArgument, message: CommandArgument): Promise<number>;
    spublish(shardChannel: CommandArgument, message: CommandArgument): Promise<number>;
}
interface SetCommands<Text extends ReplyText> {
    sadd(key: CommandArgument, ...members: CommandArgument[]): Promise<number>;
    srem(key: CommandArgument, ...members: CommandArgument[]): Promise<number>;
    smembers(key: CommandArgument): Promise<Set<Text>>;
    sismember(key: CommandArgument, member: CommandArgument): Promise<boolean>;
    smismember(key: CommandArgument, ...members: CommandArgument[]): Promise<boolean[]>;
    scard(key: CommandArgument): Promise<number>;
    spop(key: CommandArgument): Promise<Text | undefined>;
    srandmember(key: CommandArgument): Promise<Text | undefined>;
    smove(from: CommandArgument, to: CommandArgument, member: CommandArgument): Promise<boolean>;
    sinter(...keys: CommandArgument[]): Promise<Set<Text>>;
    sunion(...keys: CommandArgument[]): Promise<Set<Text>>;
    sdiff(...keys: CommandArgument[]): Promise<Set<Text>>;
    sscan(key: CommandArgument, cursor: CommandArgument, options?: ScanOptions): Promise<ScanPage<Text[]>>;
}
interface SetOptions extends ExpiryOptions {
    readonly keepTtl?: boolean | undefined;
    readonly nx?: boolean | undefined;
    readonly xx?: boolean | undefined;
    readonly get?: boolean | undefined;
}
interface SortedSetCommands<Text extends ReplyText> {
    zadd(key: CommandArgument, members: ScoresAndMembers, options?: ZAddOptions): Promise<number>;
    zadd(key: CommandArgument, score: CommandArgument, member: CommandArgument, options?: ZAddOptions): Promise<number>;
    zrem(key: CommandArgument, ...members: CommandArgument[]): Promise<number>;
    zscore(key: CommandArgument, member: CommandArgument): Promise<number | undefined>;
    zmscore(key: CommandArgument, ...members: CommandArgument[]): Promise<(number | undefined)[]>;
    zincrby(key: CommandArgument, by: number, member: CommandArgument): Promise<number>;
    zcard(key: CommandArgument): Promise<number>;
    zcount(key: CommandArgument, min: CommandArgument, max: CommandArgument): Promise<number>;
    zrange(key: CommandArgument, start: CommandArgument, stop: CommandArgument, options: ZRangeOptions & {
        readonly withScores: true;
    }): Promise<Scored<Text>[]>;
    zrange(key: CommandArgument, start: CommandArgument, stop: CommandArgument, options?: ZRangeOptions & {
        readonly withScores?: false | undefined;
    }): Promise<Text[]>;
    zrank(key: CommandArgument, member: CommandArgument): Promise<number | undefined>;
    zrevrank(key: CommandArgument, member: CommandArgument): Promise<number | undefined>;
    zpopmin(key: CommandArgument, count?: number): Promise<Scored<Text>[]>;
    zpopmax(key: CommandArgument, count?: number): Promise<Scored<Text>[]>;
    zremrangebyscore(key: CommandArgument, min: CommandArgument, max: CommandArgument): Promise<number>;
    zremrangebyrank(key: CommandArgument, start: number, stop: number): Promise<number>;
    zscan(key: CommandArgument, cursor: CommandArgument, options?: ScanOptions): Promise<ScanPage<Scored<Text>[]>>;
}
interface StreamCommands<Text extends ReplyText> {
    xadd(key: CommandArgument, id: CommandArgument, fields: Pairs, options?: XAddOptions): Promise<string | undefined>;
    xlen(key: CommandArgument): Promise<number>;
    xrange(key: CommandArgument, start: CommandArgument, end: CommandArgument, options?: {
        readonly count?: number | undefined;
    }): Promise<StreamEntry<Text>[]>;
    xrevrange(key: CommandArgument, end: CommandArgument, start: CommandArgument, options?: {
        readonly count?: number | undefined;
    }): Promise<StreamEntry<Text>[]>;
    xread(streams: Pairs, options?: XReadOptions): Promise<Map<string, StreamEntry<Text>[]>>;
    xreadgroup(group: CommandArgument, consumer: CommandArgument, streams: Pairs, options?: XReadGroupOptions): Promise<Map<string, GroupEntry<Text>[]>>;
    xack(key: CommandArgument, group: CommandArgument, ...ids: CommandArgument[]): Promise<number>;
    xautoclaim(key: CommandArgument, group: CommandArgument, consumer: CommandArgument, minIdleMs: number, start: CommandArgument, options?: {
        readonly count?: number | undefined;
    }): Promise<Claimed<Text>>;
    xdel(key: CommandArgument, ...ids: CommandArgument[]): Promise<number>;
    xtrim(key: CommandArgument, options: TrimOptions): Promise<number>;
    xgroupCreate(key: CommandArgument, group: CommandArgument, id: CommandArgument, options?: XGroupCreateOptions): Promise<'OK'>;
    xgroupDestroy(key: CommandArgument, group: CommandArgument): Promise<boolean>;
}
interface StreamEntry<Text extends ReplyText = string> {
    readonly id: string;
    readonly fields: Map<Text, Text>;
}
interface StringCommands<Text extends ReplyText> {
    set(key: CommandArgument, value: CommandArgument, options: SetOptions & {
        readonly get: true;
    }): Promise<Text | undefined>;
    set(key: CommandArgument, value: CommandArgument, options?: SetOptions & {
        readonly get?: false | undefined;
    }): Promise<'OK' | undefined>;
    setnx(key: CommandArgument, value: CommandArgument): Promise<boolean>;
    setex(key: CommandArgument, seconds: number, value: CommandArgument): Promise<'OK'>;
    get(key: CommandArgument): Promise<Text | undefined>;
    getdel(key: CommandArgument): Promise<Text | undefined>;
    getex(key: CommandArgument, options?: GetExOptions): Promise<Text | undefined>;
    getrange(key: CommandArgument, start: number, end: number): Promise<Text>;
    mget(...keys: CommandArgument[]): Promise<(Text | undefined)[]>;
    mset(values: Pairs): Promise<'OK'>;
    msetnx(values: Pairs): Promise<boolean>;
    append(key: CommandArgument, value: CommandArgument): Promise<number>;
    strlen(key: CommandArgument): Promise<number>;
    incr(key: CommandArgument): Promise<number | bigint>;
    incrby(key: CommandArgument, by: number | bigint): Promise<number | bigint>;
    incrbyfloat(key: CommandArgument, by: number): Promise<number>;
    decr(key: CommandArgument): Promise<number | bigint>;
    decrby(key: CommandArgument, by: number | bigint): Promise<number | bigint>;
}
interface TrimOptions {
    readonly maxLen?: number | undefined;
    readonly minId?: string | undefined;
    readonly approximate?: boolean | undefined;
    readonly limit?: number | undefined;
}
interface TypedCommands<Text extends ReplyText = string> extends StringCommands<Text>, KeyCommands<Text>, HashCommands<Text>, ListCommands<Text>, SetCommands<Text>, SortedSetCommands<Text>, StreamCommands<Text>, ScriptCommands {
}
interface XAddOptions extends TrimOptions {
    readonly noMkStream?: boolean | undefined;
}
interface XGroupCreateOptions {
    readonly mkStream?: boolean | undefined;
    readonly entriesRead?: number | undefined;
}
interface XReadGroupOptions extends XReadOptions {
    readonly noAck?: boolean | undefined;
}
interface XReadOptions {
    readonly count?: number | undefined;
    readonly block?: number | undefined;
}
interface ZAddOptions {
    readonly nx?: boolean | undefined;
    readonly xx?: boolean | undefined;
    readonly gt?: boolean | undefined;
    readonly lt?: boolean | undefined;
    readonly ch?: boolean | undefined;
}
interface ZRangeOptions {
    readonly byScore?: boolean | undefined;
    readonly byLex?: boolean | undefined;
    readonly rev?: boolean | undefined;
    readonly limit?: readonly [
        offset: number,
        count: number
    ] | undefined;
    readonly withScores?: boolean | undefined;
}
declare function commandsOf(target: CommandCaller | CommandSender, options: CommandsOptions & {
    readonly replies: 'bytes';
}): Commands<Uint8Array>;
declare function commandsOf(target: CommandCaller | CommandSender, options?: CommandsOptions & {
    readonly replies?: 'string' | undefined;
}): Commands;
export {
  AnyCommand,
  Claimed,
  CommandCaller,
  CommandName,
  CommandSender,
  Commands,
  CommandsOptions,
  CopyOptions,
  ExpireOptions,
  ExpiryOptions,
  GetExOptions,
  GroupEntry,
  HashCommands,
  KeyCommands,
  ListCommands,
  ListEnd,
  OtherCommands,
  Pairs,
  Popped,
  ReplyText,
  ScanKeysOptions,
  ScanOptions,
  ScanPage,
  Scored,
  ScoresAndMembers,
  ScriptCommands,
  SetCommands,
  SetOptions,
  SortedSetCommands,
  StreamCommands,
  StreamEntry,
  StringCommands,
  TrimOptions,
  TypedCommands,
  XAddOptions,
  XGroupCreateOptions,
  XReadGroupOptions,
  XReadOptions,
  ZAddOptions,
  ZRangeOptions,
  commandsOf,
};
