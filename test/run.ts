import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropLeftovers } from './database.ts';
import { installPrerequisites } from './prerequisites.ts';

/**
 * `npm test`: everything, one round of steps after another; a failed step does not hide the next. What could not run is named in the
 * last lines, and with CI=true it is a failure.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
/** Where every step puts its folders: they are gone with the run, also those of whoever was killed. */
const scratch = mkdtempSync(join(roomInMemory() ?? tmpdir(), 'yekja-test-'));
// A program that works for another user (the mail server) has to get to its own folder within.
chmodSync(scratch, 0o755);
const ci = process.env.CI === 'true';
/** Part of the name of every database that this run makes. */
const runName = randomBytes(4).toString('hex');

/** A disk in memory with room for a run: hardly a test is about the disk, and all would wait for it. */
function roomInMemory(): string | null {
  const disk = '/dev/shm';
  if (!existsSync(disk)) return null;
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize > 4 * 2 ** 30 ? disk : null;
}

interface Step {
  name: string;
  command: string[];
}

const tsx = [process.execPath, '--import', 'tsx'];
const wireLog = join(scratch, 'wire.jsonl');
const vitestReport = join(scratch, 'vitest.json');
const failedPages = join(scratch, 'failed-pages.txt');

/**
 * Steps of one round run at once: the first speaks, the words of the others come after it. The kill and race tests mostly wait for
 * leases and restarts, and do that beside the tests.
 */
const rounds: Step[][] = [
  [{ name: 'format, lint and types', command: ['npm', 'run', '--silent', 'check'] }],
  [{ name: 'build', command: ['npm', 'run', '--silent', 'build'] }],
  [
    {
      name: 'tests',
      command: [
        'npx',
        'vitest',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${vitestReport}`,
      ],
    },
    { name: 'kill test, short', command: [...tsx, 'test/chaos/main.ts', 'journeys', '--short'] },
    { name: 'race test, short', command: [...tsx, 'test/chaos/main.ts', 'races', '--short'] },
    { name: 'engine kill test, short', command: [...tsx, 'test/chaos/main.ts', 'engine', '--short'] },
  ],
  [{ name: 'smoke', command: [...tsx, 'test/smoke.ts'] }],
  [{ name: 'commands on the wire', command: [...tsx, 'test/wire/check.ts', wireLog] }],
];
const steps = rounds.flat();

/** @param options.aside it does not speak: another step does; its words are in the answer */
function run({ command }: Step, options: { aside: boolean }): Promise<{ code: number; said: Buffer }> {
  return new Promise((resolve) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: root,
      stdio: options.aside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: {
        ...process.env,
        TMPDIR: scratch,
        YEKJA_WIRE_LOG: wireLog,
        YEKJA_FAILED_PAGES: failedPages,
        YEKJA_TEST_RUN: runName,
      },
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => {
      resolve({ code: 1, said: Buffer.from(`${error.message}\n`) });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, said: Buffer.concat(said) }));
  });
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: {
    /** The file, with its whole path. */
    name: string;
    status: string;
    /** Milliseconds since 1970. */
    startTime: number;
    endTime: number;
    /** What failed outside of every test. */
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
}

/** Each failed test, and each file that failed before it came to one, with the first line of why. */
function failures({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`];
    return failed.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
  });
}

/** The ten files that took longest, whole seconds: several run at once. */
const slowest = ({ testResults }: VitestReport): string =>
  testResults
    .map(({ name, startTime, endTime }) => ({
      file: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 10)
    .map(({ file, seconds }) => `${file} ${Math.round(seconds)} s`)
    .join(', ');

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one
const colours = /\u001b\[[0-9;]*m/g;

const firstLine = (text = ''): string =>
  text
    .replace(colours, '')
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? 'it did not say why';

async function main(): Promise<number> {
  const missing = installPrerequisites((line) => console.log(line));
  const failed: string[] = [];
  const took: string[] = [];
  for (const round of rounds) {
    console.log(`\n── ${round.map((step) => step.name).join(' · ')}`);
    const words = await Promise.all(
      round.map(async (step, at) => {
        const from = performance.now();
        const { code, said } = await run(step, { aside: at > 0 });
        took.push(`${step.name} ${Math.round((performance.now() - from) / 1000)} s`);
        if (code !== 0) failed.push(step.name);
        return said;
      }),
    );
    for (const said of words) process.stdout.write(said);
  }
  if (process.env.MONGODB_URI) {
    const told = await dropLeftovers(process.env.MONGODB_URI, runName).then(
      (left) => (left ? `${left} databases that processes of this run left behind were dropped.` : ''),
      (error: Error) => `Databases named test_${runName}_… may be left on the server: ${error.message}`,
    );
    if (told) console.log(told);
  }
  let passed = 0;
  let broken = failed.length;
  const skipped: string[] = [];
  const failedTests: string[] = [];
  try {
    const report = JSON.parse(readFileSync(vitestReport, 'utf8')) as VitestReport;
    passed = report.numPassedTests;
    broken = report.numFailedTests + failed.filter((name) => name !== 'tests').length;
    if (failed.includes('tests') && report.numFailedTests === 0) broken += 1;
    failedTests.push(...failures(report));
    took.push(`of the tests ${slowest(report)}`);
    for (const file of report.testResults)
      for (const test of file.assertionResults)
        if (test.status === 'skipped' || test.status === 'pending' || test.status === 'todo')
          skipped.push(test.fullName);
  } catch {
    console.error('The tests left no report.');
  }
  passed += steps.length - failed.length;
  if (existsSync(failedPages))
    console.log(`\n── pages of failed journeys\n${readFileSync(failedPages, 'utf8')}`);
  console.log(`\n${took.join(', ')}`);
  for (const name of missing) console.log(`missing on this machine: ${name}`);
  for (const name of skipped) console.log(`skipped: ${name}`);
  for (const test of failedTests) console.log(`failed: ${test}`);
  for (const name of failed) console.log(`failed: ${name}`);
  const bad = broken > 0 || (ci && (missing.length > 0 || skipped.length > 0));
  console.log(`${passed} passed, ${broken} failed, ${skipped.length} skipped`);
  return bad ? 1 : 0;
}

main()
  .finally(() => rmSync(scratch, { recursive: true, force: true }))
  .then(
    (code) => process.exit(code),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
