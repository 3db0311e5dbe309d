import { beeQueue, bullmq } from './job-ends.mjs';
import { ioredisLists, nodeRedisLists } from './list-ends.mjs';
import { redlane } from './redlane-ends.mjs';

/**
 * Ways to get messages from one process to another, behind one interface.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'list' | 'jobs' | 'ours'} kind hand-written on lists, a job queue, or ours
 * @property {string | undefined} package
 * @property {number} drains messages in one pass of receiving: about half a second
 * @property {(target: import('../client/target.mjs').Target, side: Side) => Promise<End>} open
 *
 * @typedef {'near' | 'far'} Side the near end asks and sends, the far end answers and receives
 *
 * @typedef {object} End
 * @property {(message: object) => Promise<unknown>} [call] sends it and resolves with what the other end sends back
 * @property {() => (() => Promise<unknown>)} [echo] sends back what comes, until what it returns is called
 * @property {(messages: object[]) => Promise<unknown>} [send] sends all, without waiting for each
 * @property {(count: number, onMessage: (message: object) => void) => Promise<unknown>} [drain] receives so many
 * @property {() => unknown} close
 */

/** @type {Contender[]} */
export const contenders = [
  ioredisLists('ioredis6', 'ioredis 6', 'ioredis'),
  ioredisLists('ioredis5', 'ioredis 5', 'ioredis5'),
  ioredisLists('iovalkey', 'iovalkey', 'iovalkey'),
  nodeRedisLists,
  bullmq('bullmq-1', 'BullMQ, 1 at a time', 1),
  bullmq('bullmq-50', 'BullMQ, 50 at a time', 50),
  beeQueue('bee-queue-1', 'bee-queue, 1 at a time', 1),
  beeQueue('bee-queue-50', 'bee-queue, 50 at a time', 50),
  redlane('redlane', 'redlane, `brecvMsg`', { drains: 10_000 }),
  redlane('redlane-prefetch', 'redlane, `prefetch: 500`', { drains: 100_000, prefetch: 500 }),
  redlane('redlane-reliable', 'redlane, reliable, batched acks', {
    drains: 50_000,
    prefetch: 500,
    reliable: true,
  }),
];

export const contenderOf = (id) => contenders.find((contender) => contender.id === id);
