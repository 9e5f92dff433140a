import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,connectors,server,client,test}/**/*.test.{ts,tsx}'],
    environment: 'node',
    pool: 'forks',
    // A test waits for browsers, servers and engines of its own half of the time.
    maxWorkers: Math.max(2, Math.ceil(availableParallelism() * 1.5)),
    // Loading the packages anew for each of some 220 files costs more than many a file; nothing of a file outlives it.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
