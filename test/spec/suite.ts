import { readFile } from 'node:fs/promises';
import { SpecFailure } from './failure.ts';
import { parseTestFile } from './file.ts';
import { runTest, type Target, type Verdict } from './run.ts';
import type { TestFile } from './schema.ts';

export interface Line {
  file: string;
  test: string;
  verdict: Verdict;
}

/** Files made to be refused: by the format's rules (`invalid`), or when they run (`valid-fail`). */
type Temper = 'invalid' | 'valid-fail' | undefined;

const temperOf = (file: string): Temper =>
  /[\\/]invalid[\\/]/.test(file) ? 'invalid' : /[\\/]valid-fail[\\/]/.test(file) ? 'valid-fail' : undefined;

/** Runs the tests of a file whose `file: test` name contains `only`, one after the other. */
export async function runFile(
  options: { path: string; name: string; only?: string },
  target: Target,
): Promise<Line[]> {
  const { path, name, only = '' } = options;
  const temper = temperOf(path);
  const lines: Line[] = [];
  const add = (test: string, verdict: Verdict) => lines.push({ file: name, test, verdict });
  let file: TestFile;
  try {
    file = parseTestFile(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SpecFailure)) throw error;
    const verdict: Verdict = { verdict: 'fail', side: 'wrong', reason: error.message };
    if (name.includes(only)) add('the file', temper === undefined ? verdict : { verdict: 'pass' });
    return lines;
  }
  if (temper === 'invalid') {
    if (name.includes(only))
      add('the file', {
        verdict: 'fail',
        side: 'wrong',
        reason: 'the format forbids this file, the runner took it',
      });
    return lines;
  }
  for (const test of file.tests) {
    if (!`${name}: ${test.description}`.includes(only)) continue;
    const verdict = await runTest(file, test, target);
    add(test.description, temper === 'valid-fail' ? reversed(verdict) : verdict);
  }
  return lines;
}

const reversed = (verdict: Verdict): Verdict => {
  if (verdict.verdict === 'fail') return { verdict: 'pass' };
  if (verdict.verdict === 'skip') return verdict;
  return { verdict: 'fail', side: 'wrong', reason: 'must fail, and the runner let it pass' };
};
