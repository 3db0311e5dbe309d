import type { MessageQueueListener } from './listener.js';
import type { Queue } from './queue/queue.js';

/** A listener, and where its messages wait when a channel delivers through queues. */
export class Connection {
  readonly listener: MessageQueueListener;
  readonly queue: Queue;

  constructor(listener: MessageQueueListener, queue: Queue) {
    this.listener = listener;
    this.queue = queue;
  }
}
