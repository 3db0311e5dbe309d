import type { RedisDriver } from '../../src/driver.js';
import { ConnectionLostError } from '../../src/errors.js';

/** A driver whose calls are counted, and whose replies can be lost. */
export class SpiedDriver {
  readonly driver: RedisDriver;
  runs = 0;
  leases = 0;
  /** How many of the next scripts are executed without a reply. */
  loseReplies = 0;
  /** How many of the next scripts are not executed. */
  loseCalls = 0;
  /** What happens before it is noticed. */
  whenLost: (() => Promise<unknown>) | undefined;

  constructor(driver: RedisDriver) {
    const run = async (...args: Parameters<RedisDriver['run']>): Promise<unknown> => {
      this.runs++;
      if (this.loseCalls > 0) {
        this.loseCalls--;
        await this.#lost();
        throw new ConnectionLostError({ maybeExecuted: true, phase: 'written' });
      }
      const reply = await driver.run(...args);
      if (this.loseReplies === 0) return reply;
      this.loseReplies--;
      await this.#lost();
      throw new ConnectionLostError({ maybeExecuted: true, phase: 'written' });
    };
    const lease = (...args: Parameters<RedisDriver['lease']>): ReturnType<RedisDriver['lease']> => {
      this.leases++;
      return driver.lease(...args);
    };
    this.driver = new Proxy(driver, {
      get: (target, name) => {
        if (name === 'run') return run;
        if (name === 'lease') return lease;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  async #lost(): Promise<void> {
    const { whenLost } = this;
    this.whenLost = undefined;
    await whenLost?.();
  }
}
