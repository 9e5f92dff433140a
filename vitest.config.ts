import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,connectors,server,client,test}/**/*.test.{ts,tsx}'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
