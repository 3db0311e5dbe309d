export type { Topology } from './bed.js';
export { type DescribeOptions, describeDriver } from './describe-driver.js';
export type { Address, DriverMaker, MadeDriver, Place, Wishes } from './driver-maker.js';
export type { DriverName, FeatureName } from './support.js';
