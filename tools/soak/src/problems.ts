/** No more are kept word for word. */
const KEPT = 10;

/** What is not as promised; the first few, and how many there are. */
export class Problems {
  readonly texts: string[] = [];
  count = 0;

  add(text: string): void {
    this.count++;
    if (this.texts.length < KEPT) this.texts.push(text);
  }
}
