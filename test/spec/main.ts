import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import mongoose from 'mongoose';
import { startEngine } from '../../server/db/embedded/engine.ts';
import { commitOf, filesOf } from './checkout.ts';
import { printSuite, printTotals } from './report.ts';
import { deploymentOf } from './requirements.ts';
import { killSessions, type Target } from './run.ts';
import { type Line, runFile } from './suite.ts';

const usage = `npm run spec -- [SUITE…] [--only TEXT] [--uri URI]
Runs MongoDB's public unified specifications. MONGODB_SPECIFICATIONS names a checkout of them.
SUITE  a folder under source/ (default: crud transactions sessions retryable-writes)
--only TEXT  the tests whose "file: description" contains TEXT
--uri URI  against this server; without it an engine is started in a folder of its own`;

const byDefault = ['crud', 'transactions', 'sessions', 'retryable-writes'];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, uri: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const checkout = process.env['MONGODB_SPECIFICATIONS'];
  if (!checkout) {
    console.error(
      'MONGODB_SPECIFICATIONS is not set: it names a checkout of https://github.com/mongodb/specifications.',
    );
    return 2;
  }
  const suites = positionals.length > 0 ? positionals : byDefault;
  const files = new Map<string, string[]>();
  for (const suite of suites) files.set(suite, await filesOf(checkout, suite));
  const commit = await commitOf(checkout);
  console.log(`specifications ${commit ?? 'of no git checkout'}`);
  return values.uri === undefined
    ? withEngine((uri) => run(uri, { checkout, files, only: values.only }))
    : run(values.uri, { checkout, files, only: values.only });
}

async function withEngine(use: (uri: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spec-'));
  const engine = await startEngine({ path: folder, port: 0, durability: 'none', testCommands: true });
  try {
    // A direct connection would hide that the engine is a replica set.
    return await use(engine.uri.replace('directConnection=true', ''));
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Work {
  checkout: string;
  files: Map<string, string[]>;
  only: string | undefined;
}

async function run(uri: string, { checkout, files, only }: Work): Promise<number> {
  const internal = await mongoose.mongo.MongoClient.connect(uri, { writeConcern: { w: 'majority' } });
  try {
    const target: Target = { uri, internal, deployment: await deploymentOf(internal) };
    const { version, topology } = target.deployment;
    console.log(`server ${version.join('.')}, ${topology}`);
    await killSessions(internal);
    const all: Line[] = [];
    for (const [suite, paths] of files) {
      const root = path.join(checkout, 'source', suite, 'tests');
      const lines: Line[] = [];
      for (const [index, file] of paths.entries()) {
        progress(`${suite} ${index + 1}/${paths.length}`);
        lines.push(
          ...(await runFile({ path: file, name: `${suite}/${path.relative(root, file)}`, only }, target)),
        );
      }
      progress('');
      printSuite(suite, lines);
      all.push(...lines);
    }
    printTotals(all);
    if (all.length === 0) {
      console.error(`No test's "file: description" contains ${JSON.stringify(only)}.`);
      return 2;
    }
    return all.some(({ verdict }) => verdict.verdict === 'fail') ? 1 : 0;
  } finally {
    await internal.close();
  }
}

/** Where one looks on while it runs; nothing in a file. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
