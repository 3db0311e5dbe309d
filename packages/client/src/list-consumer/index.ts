export type { DeadLetter, RedriveInto } from './dead-letters.js';
export type { EntriesOptions } from './entries.js';
export type { ListEntry, RawOf } from './entry.js';
export { type ListConsumerKeys, listConsumerKeys } from './keys.js';
export { type ClaimOptions, ListConsumer, type NackOptions } from './list-consumer.js';
export type { ListConsumerOptions } from './options.js';
export type { ConsumerStats, ListConsumerStats } from './stats.js';
