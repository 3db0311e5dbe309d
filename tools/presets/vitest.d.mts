import type { ViteUserConfig } from 'vitest/config';

type TestOptions = NonNullable<ViteUserConfig['test']>;

export function suite(options?: TestOptions & { slow?: boolean }): ViteUserConfig;
