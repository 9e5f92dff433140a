import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budget, type ClientBudget, weighClient } from './client-budget.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
let dir = '';
let weight: ClientBudget;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'yekja-weight-'));
  // A process of its own: here the tests' NODE_ENV would build the slow, heavy React of development.
  await promisify(execFile)(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--outDir', dir, '--logLevel', 'error'],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
  );
  weight = await weighClient(dir);
}, 120_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('what the inbox weighs before it shows anything', () => {
  it.each(Object.keys(budget) as (keyof ClientBudget)[])('%s stays within its bytes', (part) => {
    expect(weight[part]).toBeGreaterThan(0);
    expect(weight[part]).toBeLessThanOrEqual(budget[part]);
  });
});
