/** What a web node sends to the workers: do this order, which is in the book. */
export interface Job {
  readonly id: string;
}
