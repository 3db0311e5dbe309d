/** Names of the keys that all consumers of one list share, and of those that each has for itself. */
export interface ListConsumerKeys {
  /** Sorted set: consumers by the moment up to which they count as alive. */
  readonly consumers: string;
  /** Hash: the last number given to an element, and what each consumer's last claim took. */
  readonly state: string;
  /** Sorted set: elements that came back, by their numbers. */
  readonly retry: string;
  /** List: dead letters. */
  readonly dead: string;
  /** List: what a consumer's blocking wait has taken and no claim has seen. */
  staging(id: string): string;
  /** Hash: what a consumer holds, by number. */
  work(id: string): string;
  /** String: what a consumer's last ack has found, for when its reply is lost. Expires. */
  acked(id: string): string;
}

/** The keys `<prefix>:consumers`, `:state`, `:retry`, `:dead`, `:staging:<id>`, `:work:<id>` and `:acked:<id>`. */
export function listConsumerKeys(prefix: string): ListConsumerKeys {
  return {
    consumers: `${prefix}:consumers`,
    state: `${prefix}:state`,
    retry: `${prefix}:retry`,
    dead: `${prefix}:dead`,
    staging: (id) => `${prefix}:staging:${id}`,
    work: (id) => `${prefix}:work:${id}`,
    acked: (id) => `${prefix}:acked:${id}`,
  };
}
