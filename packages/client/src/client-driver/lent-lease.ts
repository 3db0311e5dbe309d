import type { CommandArgument } from '@redlane/resp3-core';
import type {
  DriverBatch,
  DriverBatchOptions,
  DriverCallOptions,
  DriverLease,
  DriverReply,
} from '../driver.js';

type Commands = readonly (readonly CommandArgument[])[];
type Bytes = { replies: 'bytes' };

/** A lease that tells somebody when it goes back. */
export class LentLease implements DriverLease {
  readonly #lease: DriverLease;
  readonly #giveBack: () => Promise<void>;

  constructor(lease: DriverLease, giveBack: () => Promise<void>) {
    this.#lease = lease;
    this.#giveBack = giveBack;
  }

  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & Bytes,
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply<never>> {
    return this.#lease.send(args, options as DriverCallOptions) as Promise<DriverReply<never>>;
  }

  batch(commands: Commands, options: DriverBatchOptions & Bytes): Promise<DriverBatch<Uint8Array>>;
  batch(commands: Commands, options?: DriverBatchOptions): Promise<DriverBatch>;
  batch(commands: Commands, options?: DriverBatchOptions): Promise<DriverBatch<never>> {
    return this.#lease.batch(commands, options as DriverBatchOptions) as Promise<DriverBatch<never>>;
  }

  cancel(): Promise<boolean> {
    return this.#lease.cancel();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#giveBack();
  }
}
