const DRAINS = 3_000;
const BATCH = 500;

/** BullMQ as its documentation has it: add, process, and wait for the result by its events. */
export function bullmq(id, title, concurrency) {
  return {
    id,
    title,
    kind: 'jobs',
    package: 'bullmq',
    drains: DRAINS,
    async open(target, side) {
      const { Queue, QueueEvents, Worker } = await import('bullmq');
      const { host, port, username, password, db } = target;
      const connection = { host, port, username, password, db, maxRetriesPerRequest: null };
      const options = { connection, prefix: target.prefix };
      const queue = new Queue(id, options);
      await queue.waitUntilReady();
      let events;
      const work = async (handle) => {
        const worker = new Worker(id, handle, { ...options, concurrency });
        worker.on('error', () => {});
        await worker.waitUntilReady();
        return worker;
      };
      return {
        async call(message) {
          events ??= new QueueEvents(id, options);
          await events.waitUntilReady();
          // Who waits for a result looks it up.
          const job = await queue.add('call', message, { removeOnComplete: 1_000 });
          return job.waitUntilFinished(events);
        },
        echo() {
          const worker = work(async ({ data }) => data);
          return async () => (await worker).close();
        },
        async send(messages) {
          await Promise.all(messages.map((data) => queue.add('message', data, { removeOnComplete: true })));
        },
        async drain(count, onMessage) {
          let done = 0;
          let finish;
          const finished = new Promise((resolve) => {
            finish = resolve;
          });
          const worker = await work(async ({ data }) => {
            onMessage(data);
            if (++done === count) finish();
          });
          await finished;
          await worker.close();
        },
        async close() {
          await events?.close();
          if (side === 'near') await queue.obliterate({ force: true });
          await queue.close();
        },
      };
    },
  };
}

/** bee-queue: save, process, and the job's own event for the result. */
export function beeQueue(id, title, concurrency) {
  return {
    id,
    title,
    kind: 'jobs',
    package: 'bee-queue',
    drains: DRAINS,
    async open(target, side) {
      const { default: Queue } = await import('bee-queue');
      const { host, port, password, db } = target;
      const make = (isWorker) => {
        const queue = new Queue(id, {
          redis: { host, port, password, db },
          prefix: target.prefix,
          isWorker,
          getEvents: !isWorker,
          sendEvents: isWorker,
          removeOnSuccess: true,
          storeJobs: !isWorker,
          ensureScripts: true,
        });
        queue.on('error', () => {});
        return queue.ready();
      };
      const queue = side === 'near' ? await make(false) : undefined;
      let calls = 0;
      return {
        async call(message) {
          const job = queue.createJob(message).setId(`call-${calls++}`);
          // It would do so after save(), whose reply the result may overtake.
          queue.jobs.set(job.id, job);
          const result = new Promise((resolve, reject) => {
            job.on('succeeded', resolve);
            job.on('failed', reject);
          });
          await job.save();
          return result;
        },
        echo() {
          const worker = make(true).then((made) => {
            made.process(concurrency, async ({ data }) => data);
            return made;
          });
          return async () => (await worker).close();
        },
        async send(messages) {
          for (let from = 0; from < messages.length; from += BATCH) {
            const jobs = messages.slice(from, from + BATCH).map((data) => queue.createJob(data));
            await queue.saveAll(jobs);
          }
        },
        async drain(count, onMessage) {
          const worker = await make(true);
          let done = 0;
          await new Promise((resolve) => {
            worker.process(concurrency, async ({ data }) => {
              onMessage(data);
              if (++done === count) resolve();
            });
          });
          await worker.close();
        },
        async close() {
          await queue?.destroy();
          await queue?.close();
        },
      };
    },
  };
}
