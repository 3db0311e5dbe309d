/** A request that cannot be met as it is; the caller is told why. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The answer's. */
  get body(): { readonly code: string; readonly message: string } {
    return { code: this.code, message: this.message };
  }
}
