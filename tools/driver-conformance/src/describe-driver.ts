import type { RedisDriver } from '@redlane/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { Bed, type Topology } from './bed.js';
import type { Context } from './context.js';
import { DEFAULT_WISHES, type DriverMaker, type MadeDriver, type Wishes } from './driver-maker.js';
import { batchTests } from './suites/batches.js';
import { closingTests } from './suites/closing.js';
import { commandTests } from './suites/commands.js';
import { faultTests } from './suites/faults.js';
import { gapTests } from './suites/gaps.js';
import { leaseTests } from './suites/leases.js';
import { masterLossTests } from './suites/master-loss.js';
import { networkTests } from './suites/network.js';
import { replyShapeTests } from './suites/reply-shapes.js';
import { scanTests } from './suites/scanning.js';
import { scriptTests } from './suites/scripts.js';
import { subscriptionTests } from './suites/subscriptions.js';
import { type DriverName, type FeatureName, featuresOf } from './support.js';

export interface DescribeOptions {
  /** Its column in the support table. */
  readonly column: DriverName;
  /** @default 'standalone' */
  readonly topology?: Topology;
  /** Of a driver that is another's variant: what may differ. @default all */
  readonly only?: readonly FeatureName[];
}

/** All that `RedisDriver` promises, as tests of the drivers that `make` makes, on real servers. */
export function describeDriver(
  name: string,
  make: DriverMaker,
  { column, topology = 'standalone', only = featuresOf(column) }: DescribeOptions,
): void {
  describe(name, () => {
    let bed: Bed | undefined;
    let shared: MadeDriver | undefined;
    const made: MadeDriver[] = [];
    const theBed = (): Bed => present(bed);
    const untested = new Set(only);

    const makeOne = async (wishes: Partial<Wishes> = {}): Promise<MadeDriver> =>
      make(theBed().place, { ...DEFAULT_WISHES, ...wishes });
    const context: Context = {
      topology,
      feature: (feature, tests) => {
        untested.delete(feature);
        if (only.includes(feature)) describe(feature, tests);
      },
      bed: theBed,
      driver: () => present(shared).driver,
      make: async (wishes) => {
        const one = await makeOne(wishes);
        made.push(one);
        return one;
      },
      fresh: async (wishes): Promise<RedisDriver> => (await context.make(wishes)).driver,
    };

    beforeAll(async () => {
      bed = await Bed.start(topology);
      shared = await makeOne();
    });
    beforeEach(async () => {
      await theBed().everywhere('FLUSHALL');
    });
    afterEach(async () => {
      await theBed().proxy?.restore();
      await Promise.all(made.splice(0).map(end));
    });
    afterAll(async () => {
      if (shared !== undefined) await end(shared);
      await bed?.[Symbol.asyncDispose]();
    });

    commandTests(context);
    batchTests(context);
    scriptTests(context);
    leaseTests(context);
    scanTests(context);
    subscriptionTests(context);
    replyShapeTests(context);
    faultTests(context);
    networkTests(context);
    gapTests(context);
    closingTests(context);
    // Last, since a server may be gone afterwards.
    masterLossTests(context);
    if (untested.size > 0) throw new Error(`there are no tests of ${[...untested].join(', ')}`);
  });
}

async function end({ driver, given }: MadeDriver): Promise<void> {
  await driver.close();
  await given?.end();
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is there from beforeAll on only');
  return value;
}
