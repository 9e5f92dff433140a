import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Connector } from '../../connectors/connector.ts';
import { connectors, parseRecorded, type Understanding, understand } from '../../connectors/index.ts';
import { Tally, told } from './inspect.line.ts';

const help = `Usage: npm run inspect -- <connector> <file or folder>… [--settings FILE]

Says what a connector makes of recorded raw payloads, with the code that intake uses and without a database.

A file holds what the provider sent: the bare body of a request, or the request as JSON,
  {"method": "POST", "path": "/inbound", "query": {}, "headers": {}, "body": "…"}
("body" is text, or JSON to be sent as such; "bodyBase64" for other bytes), or what the platform itself keeps in files (a mail: .eml).

Prints one JSON line a file, in the order given:
  {"file": "…", "events": […]}   what it says; an event that cannot be understood has "error" in it
  {"file": "…", "error": "…"}    the file cannot be read, or is nothing of this provider's
A folder is walked, with all folders in it, and each file in it is one line for people: milliseconds, what it became, from whom, its
path; at the end a total. What a file is expected to be (NAME.expected.*), README.md and settings.json are passed over.

"wake": true means that the request carries nothing itself, but says that there is something to fetch.

--settings FILE  the channel's settings as JSON, where the meaning depends on them (an SMS line, a bot's token)

A bad file does not stop the next, and is no failure of the command: the exit code is 0.
It is 2 for an unknown connector, a bad --settings or no file at all.

Connectors: ${Object.keys(connectors).join(', ')}`;

class UsageError extends Error {}

/** Prints to `out`; what is wrong with the command itself is thrown as a sentence. */
async function inspect(args: string[], out: (line: string) => void): Promise<void> {
  const { values, positionals } = parse(args);
  const [id, ...files] = positionals;
  if (values.help) return out(help);
  if (id === undefined) throw new UsageError(`Name a connector and at least one file.\n\n${help}`);
  const connector = Object.hasOwn(connectors, id) ? connectors[id] : undefined;
  if (!connector) {
    throw new UsageError(
      `There is no connector “${id}”. Those that exist: ${Object.keys(connectors).join(', ')}.`,
    );
  }
  if (files.length === 0) throw new UsageError(`Name at least one file with a payload of ${id}.`);
  const settings = values.settings === undefined ? {} : await readSettings(values.settings);
  for (const file of files) {
    if (await isFolder(file)) {
      await walk({ folder: file, connector, settings, out }).catch((error: unknown) =>
        out(JSON.stringify({ file, error: sentenceOf(error) })),
      );
    } else out(JSON.stringify({ file, ...(await attempt({ file, connector, settings })) }));
  }
}

interface Attempt {
  file: string;
  connector: Connector;
  settings: Readonly<Record<string, string | number | boolean>>;
}

async function attempt({ file, connector, settings }: Attempt): Promise<Understanding | { error: string }> {
  try {
    const raw = parseRecorded(await readFile(file), { connector, settings });
    return verdict(await understand(connector, raw, settings));
  } catch (error) {
    return { error: sentenceOf(error) };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

interface Walk extends Omit<Attempt, 'file'> {
  folder: string;
  out: (line: string) => void;
}

async function walk({ folder, out, ...given }: Walk): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !/\.expected\.|^README\.md$|^settings\.json$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const tally = new Tally();
  for (const file of paths) {
    const began = performance.now();
    const result = await attempt({ ...given, file });
    const line = {
      path: file.slice(folder.length).replace(/^\/+/, ''),
      ms: performance.now() - began,
      result,
    };
    tally.add(line);
    out(told(line));
  }
  out(tally.total());
}

/** Nothing in it was understood: then the file as a whole is in error. */
function verdict(understanding: Understanding): Understanding | { error: string } {
  const errors = understanding.events.flatMap((event) =>
    'error' in event && !('type' in event) ? [event.error] : [],
  );
  return errors.length > 0 && errors.length === understanding.events.length
    ? { error: errors.join(' ') }
    : understanding;
}

function parse(args: string[]): { values: { help?: boolean; settings?: string }; positionals: string[] } {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, settings: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(`${sentenceOf(error)}\nSee npm run inspect -- --help.`);
  }
}

async function readSettings(file: string): Promise<Record<string, string | number | boolean>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return value as Record<string, string | number | boolean>;
    }
  } catch (error) {
    throw new UsageError(`The settings in ${file} cannot be read: ${sentenceOf(error)}`);
  }
  throw new UsageError(`The settings in ${file} must be one JSON object.`);
}

function sentenceOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'ENOENT') return 'There is no such file.';
  if (code === 'EACCES') return 'The file may not be read.';
  return error instanceof Error ? error.message : 'It failed without saying why.';
}

try {
  await inspect(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
