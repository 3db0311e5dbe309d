import type { Registration } from './registration.js';
import { topicId } from './topics.js';

/** The registrations of a client, by topic and by function. */
export class Registrations {
  readonly #all: Set<Registration> = new Set();
  readonly #byTopic: Map<string, Set<Registration>> = new Map();
  readonly #byFunction: Map<unknown, Set<Registration>> = new Map();

  get size(): number {
    return this.#all.size;
  }

  /** Unless it has ended already. */
  add(registration: Registration): void {
    if (registration.ended) return;
    this.#all.add(registration);
    for (const topic of registration.topics) addTo(this.#byTopic, topicId(topic), registration);
    const fn = registration.face?.getFunction();
    if (fn !== undefined) addTo(this.#byFunction, fn, registration);
  }

  remove(registration: Registration): void {
    this.#all.delete(registration);
    for (const topic of registration.topics) removeFrom(this.#byTopic, topicId(topic), registration);
    const fn = registration.face?.getFunction();
    if (fn !== undefined) removeFrom(this.#byFunction, fn, registration);
  }

  endAll(): Promise<void> {
    return end(this.#all);
  }

  /** Ends all of a topic, by its {@link topicId}. */
  endTopic(id: string): Promise<void> {
    return end(this.#byTopic.get(id));
  }

  endFunction(fn: unknown): Promise<void> {
    return end(this.#byFunction.get(fn));
  }
}

async function end(registrations: Iterable<Registration> | undefined): Promise<void> {
  await Promise.all(Array.from(registrations ?? [], (registration) => registration.end()));
}

function addTo<Key>(index: Map<Key, Set<Registration>>, key: Key, registration: Registration): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, new Set([registration]));
  else known.add(registration);
}

function removeFrom<Key>(index: Map<Key, Set<Registration>>, key: Key, registration: Registration): void {
  const known = index.get(key);
  if (known?.delete(registration) && known.size === 0) index.delete(key);
}
