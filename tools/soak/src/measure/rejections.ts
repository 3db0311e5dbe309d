/** Listens to what nobody handles, which would otherwise end the process. */
export class Rejections implements Disposable {
  readonly texts: string[] = [];
  readonly #take: (error: unknown) => void = (error) => {
    this.texts.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  constructor() {
    process.on('unhandledRejection', this.#take);
    process.on('uncaughtException', this.#take);
  }

  [Symbol.dispose](): void {
    process.off('unhandledRejection', this.#take);
    process.off('uncaughtException', this.#take);
  }
}
