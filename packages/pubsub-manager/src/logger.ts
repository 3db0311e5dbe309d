/** Where a manager tells what happens: `console` fits, and so do pino's and winston's loggers behind a line of glue. */
export interface Logger {
  /** Attempts to connect. */
  readonly debug?: ((message: string, details: object) => void) | undefined;
  /** Connections that come up, clients that are opened and closed. */
  readonly info?: ((message: string, details: object) => void) | undefined;
  /** Connections lost, gaps. */
  readonly warn?: ((message: string, details: object) => void) | undefined;
  /** Listeners that throw, values that cannot be decoded, subscriptions that fail. */
  readonly error?: ((message: string, details: object) => void) | undefined;
}
