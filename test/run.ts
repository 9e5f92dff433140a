import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPrerequisites } from './prerequisites.ts';

/**
 * `npm test`: everything, one round of steps after another; a failed step does not hide the next. What could not run is named in the
 * last lines, and with CI=true it is a failure.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'yekja-test-'));
const ci = process.env.CI === 'true';

interface Step {
  name: string;
  command: string[];
}

const tsx = [process.execPath, '--import', 'tsx'];
const wireLog = join(scratch, 'wire.jsonl');
const vitestReport = join(scratch, 'vitest.json');

/** Steps of one round run at once: those that mostly wait for leases and restarts. */
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
  ],
  [{ name: 'smoke', command: [...tsx, 'test/smoke.ts'] }],
  [
    { name: 'kill test, short', command: [...tsx, 'test/chaos/main.ts', 'journeys', '--short'] },
    { name: 'race test, short', command: [...tsx, 'test/chaos/main.ts', 'races', '--short'] },
  ],
  [{ name: 'commands on the wire', command: [...tsx, 'test/wire/check.ts', wireLog] }],
];
const steps = rounds.flat();

/** @param options.aside its words wait until it has ended: another step is speaking */
function run({ command }: Step, options: { aside: boolean }): Promise<number> {
  return new Promise((resolve) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: root,
      stdio: options.aside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, YEKJA_WIRE_LOG: wireLog },
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}

async function main(): Promise<number> {
  const missing = installPrerequisites((line) => console.log(line));
  const failed: string[] = [];
  const took: string[] = [];
  for (const round of rounds) {
    console.log(`\n── ${round.map((step) => step.name).join(' · ')}`);
    await Promise.all(
      round.map(async (step) => {
        const from = performance.now();
        const code = await run(step, { aside: round.length > 1 });
        took.push(`${step.name} ${Math.round((performance.now() - from) / 1000)} s`);
        if (code !== 0) failed.push(step.name);
      }),
    );
  }
  let passed = 0;
  let broken = failed.length;
  const skipped: string[] = [];
  try {
    const report = JSON.parse(readFileSync(vitestReport, 'utf8')) as VitestReport;
    passed = report.numPassedTests;
    broken = report.numFailedTests + failed.filter((name) => name !== 'tests').length;
    if (failed.includes('tests') && report.numFailedTests === 0) broken += 1;
    for (const file of report.testResults)
      for (const test of file.assertionResults)
        if (test.status === 'skipped' || test.status === 'pending' || test.status === 'todo')
          skipped.push(test.fullName);
  } catch {
    console.error('The tests left no report.');
  }
  passed += steps.length - failed.length;
  console.log(`\n${took.join(', ')}`);
  for (const name of missing) console.log(`missing on this machine: ${name}`);
  for (const name of skipped) console.log(`skipped: ${name}`);
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
