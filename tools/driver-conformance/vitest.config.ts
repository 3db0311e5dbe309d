import { suite } from '@redlane/presets/vitest';

// The tests wait for servers most of the time.
export default suite({ maxWorkers: 2 });
