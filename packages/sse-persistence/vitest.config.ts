import { suite } from '@redlane/presets/vitest';

const conditions = ['@redlane/source', 'node'];

// Vitest hands these to Node, where `import` would be true of `require`, too: Express's router does not bear that.
export default { ...suite(), ssr: { resolve: { conditions, externalConditions: conditions } } };
