import type { Panel } from '../../contract.js';
import { byId, element, setText } from './element.js';

/** What Redis and the processes look like right now. */
export class PanelView {
  readonly #node = byId('panel-node', HTMLElement);
  readonly #channels = byId('panel-channels', HTMLTableSectionElement);
  readonly #facts = byId('panel-facts', HTMLDListElement);
  readonly #processes = byId('panel-processes', HTMLUListElement);

  render(panel: Panel): void {
    setText(this.#node, `seen by ${panel.node}`);
    this.#channels.replaceChildren(...channelRows(panel));
    this.#facts.replaceChildren(...facts(panel).flatMap(([term, ...lines]) => fact(term, lines)));
    this.#processes.replaceChildren(...processes(panel));
  }
}

function channelRows({ channels }: Panel): HTMLTableRowElement[] {
  if (channels.length === 0) {
    const cell = element(
      'td',
      { class: 'quiet', attributes: { colspan: '4' } },
      'No channel holds anything.',
    );
    return [element('tr', {}, cell)];
  }
  return channels.map(({ name, depth, inProcess, deadLetters }) =>
    element(
      'tr',
      {},
      element('th', { attributes: { scope: 'row' } }, name),
      ...[depth, inProcess, deadLetters].map((count) =>
        element('td', { class: count === 0 ? 'quiet' : '' }, `${count}`),
      ),
    ),
  );
}

type Fact = readonly [term: string, ...lines: string[]];

function facts({ sessions, presence, cache, pushes, redis }: Panel): Fact[] {
  const reads = cache.hits + cache.misses;
  const rate = reads === 0 ? '' : ` (${Math.round((100 * cache.hits) / reads)} %)`;
  const kinds = Object.entries(pushes).map(([kind, count]) => `${count} ${kind}`);
  return [
    ['Open event streams', `${sessions}`],
    ['Desks present', `${presence.length}`],
    ['Cache hits', `${cache.hits}${rate}`, `${cache.misses} misses, ${cache.invalidations} invalidations`],
    ['Push messages', ...(kinds.length === 0 ? ['none'] : kinds)],
    ['Redis', redis.version, `${redis.memory}, ${redis.clients} clients`],
  ];
}

function fact(term: string, [value = '', ...notes]: readonly string[]): HTMLElement[] {
  return [
    element('dt', {}, term),
    element('dd', {}, value, ...notes.map((note) => element('small', {}, note))),
  ];
}

function processes({ nodes, workers }: Panel): HTMLLIElement[] {
  return [
    ...nodes.map(({ id, state }) => process(id, state, 'web node')),
    // There is none between two lives.
    ...workers.map(({ id, pid, state }) => process(id, state, pid === 0 ? 'worker' : `pid ${pid}`)),
  ];
}

function process(id: string, state: string, note: string): HTMLLIElement {
  const made = element('li', { class: 'process' }, element('strong', {}, id), ` ${note}, ${state}`);
  made.setAttribute('data-state', state);
  return made;
}
