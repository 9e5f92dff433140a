import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,connectors,server,client,test}/**/*.test.{ts,tsx}'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
