/** Names in Redis. All begin with the run, except where a package has a prefix of its own. */
export function namesOf(run: string) {
  return {
    /** Asks a worker to write an order down; replies come to whoever has asked. */
    counter: `/${run}/counter`,
    /** Jobs from all nodes to the workers, and back the progress of one node's orders. */
    kitchen: (node: string) => `/${run}/kitchen/${node}`,
    /** The channel of server-sent events. */
    events: run,
    announcements: (topic: string) => `${run}:announcements:${topic}`,
    announcementLogs: `${run}:pubsub:`,
    numbers: `${run}:numbers`,
    order: (id: string) => `${run}:order:${id}`,
    totals: `${run}:totals`,
    recent: `${run}:recent`,
    open: `${run}:open`,
    outbox: `${run}:outbox`,
    heard: `${run}:heard`,
  } as const;
}

export type Names = ReturnType<typeof namesOf>;
