import type { Totals } from '../../contract.js';
import type { Arrivals } from './arrivals.js';
import { byId, setText } from './element.js';

/** How often the counts are read out at most, in ms. */
const SAID_EVERY_MS = 4_000;

/** The running counts, and what they come to. */
export class TotalsView {
  readonly #placed = byId('count-placed', HTMLElement);
  readonly #finished = byId('count-finished', HTMLElement);
  readonly #lost = byId('count-lost', HTMLElement);
  readonly #duplicated = byId('count-duplicated', HTMLElement);
  readonly #verdict = byId('verdict', HTMLElement);
  readonly #page = byId('page-counts', HTMLElement);
  readonly #spoken = byId('counts-spoken', HTMLElement);
  #speech: number | undefined;

  render(totals: Totals, { received, twice }: Arrivals): void {
    const { placed, finished, lost, duplicated } = totals;
    setText(this.#placed, `${placed}`);
    setText(this.#finished, `${finished}`);
    setText(this.#lost, `${lost}`);
    setText(this.#duplicated, `${duplicated}`);
    this.#lost.setAttribute('data-bad', `${lost > 0}`);
    this.#duplicated.setAttribute('data-bad', `${duplicated > 0}`);
    setText(this.#verdict, verdictOf(totals));
    setText(this.#page, `This page has received ${received} events, ${twice} of them twice.`);
    this.#page.setAttribute('data-bad', `${twice > 0}`);
    this.#speech ??= window.setTimeout(() => {
      this.#speech = undefined;
      setText(this.#spoken, spoken(totals));
    }, SAID_EVERY_MS);
  }
}

function verdictOf({ placed, finished, lost, duplicated }: Totals): string {
  if (lost > 0 || duplicated > 0) return 'Something went wrong: see the counts.';
  if (placed === 0) return 'Waiting for the first order.';
  const open = placed - finished;
  return open > 0
    ? `${open} under way. Nothing lost, nothing twice.`
    : 'All done. Nothing lost, nothing twice.';
}

function spoken({ placed, finished, lost, duplicated }: Totals): string {
  return `${placed} placed, ${finished} finished, ${lost} lost, ${duplicated} duplicated`;
}
