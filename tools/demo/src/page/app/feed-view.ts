import { byId, element } from './element.js';
import { timeText } from './time-text.js';

interface Line {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
  readonly text: string;
}

/** A list of what has happened, newest first. */
export class FeedView {
  readonly #list: HTMLElement;
  readonly #most: number;
  #count = 0;

  /** @param id of a list, whose first element is shown while there is nothing to tell */
  constructor(id: string, most: number) {
    this.#list = byId(id, HTMLOListElement);
    this.#most = most;
  }

  add({ at, label, text }: Line): void {
    if (this.#count === 0) this.#list.replaceChildren();
    if (this.#count >= this.#most) this.#list.lastElementChild?.remove();
    else this.#count++;
    this.#list.prepend(
      element(
        'li',
        {},
        element('time', { attributes: { datetime: new Date(at).toISOString() } }, timeText(at)),
        element('span', { class: 'label', attributes: { 'data-label': label } }, label),
        element('span', { class: 'text' }, text),
      ),
    );
  }
}
