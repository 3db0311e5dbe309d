export { type DriverSource, toDriver } from './to-driver.js';
