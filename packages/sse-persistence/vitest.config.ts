import { suite } from '@redlane/presets/vitest';

export default suite();
