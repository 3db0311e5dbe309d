import tseslint from 'typescript-eslint';

// Biome does the rest: these two rules need the type checker to be trusted.
export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/fixtures/**',
      '**/node_modules/**',
      '**/*.mjs',
      '**/*.js',
      '**/*.cjs',
      '**/*.config.ts',
      '**/api/*.d.ts',
    ],
  },
  {
    files: ['packages/**/*.ts', 'tools/**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
);
