/**
 * What a user installs and imports.
 *
 * @typedef {object} Subject
 * @property {string} id
 * @property {string[]} modules imported together
 * @property {string} [package] what is installed and bundled
 * @property {boolean} [isNative] brings a binary, which no bundler takes
 * @property {string} [marker] an export without which the package has not been built
 */

const npm = (name, traits) => ({ id: name, modules: [name], package: name, ...traits });

export const OURS = '@redlane/client';

/** @type {Subject[]} */
export const subjects = [
  { id: 'node:net and node:tls', modules: ['node:net', 'node:tls'] },
  npm('ioredis'),
  npm('ioredis5'),
  npm('iovalkey'),
  npm('redis'),
  npm('@redis/client'),
  npm('@valkey/valkey-glide', { isNative: true }),
  npm(OURS, { marker: 'RedisClient' }),
];

/** Upper limits for ours. */
export const limits = { importMs: 25, minifiedKb: 40, installedMb: 0.5 };

/** Whether it can be imported and is more than a placeholder. */
export async function isThere({ modules: [module], marker }) {
  if (marker === undefined) return true;
  try {
    return marker in (await import(module));
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return false;
    throw error;
  }
}
