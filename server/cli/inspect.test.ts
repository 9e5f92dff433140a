import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';

const root = new URL('../../', import.meta.url).pathname;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
  await writeFile(
    join(folder, 'push.txt'),
    'messageid=1650823401&from=09901234567&to=30005050&message=hello',
  );
  await writeFile(join(folder, 'not.json'), '{"messageid": 1650823401, "fr');
  await writeFile(join(folder, 'empty'), '');
  await writeFile(join(folder, 'bytes'), Buffer.from([0xff, 0x00, 0xfe, 0x7b]));
  await writeFile(join(folder, 'damaged-envelope.json'), '{"method": 7, "path": "/inbound", "body": "x"}');
});
afterAll(() => rm(folder, { recursive: true }));

interface Run {
  code: number;
  lines: Record<string, unknown>[];
  stdout: string;
  stderr: string;
}

function inspect(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'server/cli/inspect.ts', ...args],
      { cwd: root, env: { ...process.env, MONGODB_URI: 'mongodb://nobody.invalid:1/none' } },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code) : 0;
        const lines = stdout.startsWith('{')
          ? stdout
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as Record<string, unknown>)
          : [];
        resolve({ code, lines, stdout, stderr });
      },
    );
  });
}

it('prints one line a file, in order, and does not stop at a bad one', async () => {
  const files = [
    'push.txt',
    'not.json',
    'missing',
    'empty',
    'bytes',
    'damaged-envelope.json',
    'push.txt',
  ].map((name) => join(folder, name));
  const { code, lines } = await inspect('sms', ...files);
  expect(code).toBe(0);
  expect(lines.map((line) => line.file)).toEqual(files);
  expect(lines.map((line) => ('events' in line ? 'events' : typeof line.error))).toEqual([
    'events',
    'string',
    'string',
    'string',
    'string',
    'string',
    'events',
  ]);
  expect(lines[0]?.events).toMatchObject([
    {
      type: 'message',
      text: 'hello',
      sender: { kind: 'mobile', value: '+989901234567' },
      accountRef: '30005050',
    },
  ]);
  expect(lines[2]?.error).toBe('There is no such file.');
  expect(lines[5]?.error).toContain('method');
});

it('reads whole recorded requests, and settings where the meaning needs them', async () => {
  const settings = join(folder, 'settings.json');
  await writeFile(settings, '{"line": "30005050"}');
  const { code, lines } = await inspect(
    'sms',
    '--settings',
    settings,
    'connectors/sms/fixtures/status-delivered.json',
  );
  expect(code).toBe(0);
  expect(lines[0]?.events).toMatchObject([{ type: 'status', state: 'delivered', accountRef: '30005050' }]);
  const { lines: updates } = await inspect(
    'telegram',
    'connectors/telegram/fixtures/answer-of-get-updates.json',
  );
  expect(updates[0]?.events).toHaveLength(3);
  const { lines: strange } = await inspect(
    'telegram',
    'connectors/telegram/fixtures/hostile-unknown-content.json',
  );
  expect(strange[0]?.error).toContain('hologram');
});

it('walks a folder: a line for people a file, and a total', async () => {
  const { code, stdout } = await inspect('sms', folder);
  const lines = stdout.trim().split('\n');
  expect(code).toBe(0);
  expect(lines.filter((line) => line.endsWith('push.txt'))).toEqual([
    expect.stringMatching(/^ *\d+ ms {2}message +from mobile:\+989901234567 +hello +push\.txt$/),
  ]);
  expect(lines.at(-1)).toMatch(/^\d+ files in \d+ ms: .*error \d+.*message 1.*slowest/);
  expect(lines).toHaveLength(Number(/^\d+/.exec(lines.at(-1) ?? '')?.[0]) + 1);
});

it('takes a mail as a mail program saved it, however broken', async () => {
  const mails = join(folder, 'mails');
  await mkdir(mails);
  await writeFile(join(mails, 'good.eml'), 'From: sara@example.com\r\nSubject: سلام\r\n\r\nhello\r\n');
  await writeFile(join(mails, 'steering.eml'), 'From: a@example.com\r\nSubject: \u001b[2Jgone\r\n\r\nx');
  await writeFile(join(mails, 'bytes.eml'), Buffer.from([0xff, 0x00, 0xfe, 0x7b, 0x0a, 0x0a]));
  const { code, stdout } = await inspect('email', mails);
  expect(code).toBe(0);
  expect(stdout).toMatch(/message +from unprovenAddress:sara@example\.com +“سلام” hello +good\.eml/);
  expect(stdout).not.toContain('\u001b');
  expect(stdout.trim().split('\n')).toHaveLength(4);
  const { lines } = await inspect('email', join(mails, 'good.eml'));
  expect(lines[0]?.events).toMatchObject([{ type: 'message', text: 'hello', letter: { subject: 'سلام' } }]);
});

it('names the connectors that exist when asked for another', async () => {
  for (const name of ['carrier-pigeon', 'constructor', '__proto__']) {
    const { code, stdout, stderr } = await inspect(name, join(folder, 'push.txt'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(name);
    for (const id of Object.keys(connectors)) expect(stderr).toContain(id);
  }
});

it('says how it is used', async () => {
  const { code, stdout } = await inspect('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('npm run inspect');
  for (const args of [
    [],
    ['sms'],
    ['sms', '--colour'],
    ['sms', '--settings', join(folder, 'not.json'), 'x'],
  ]) {
    const { code: refused, stderr } = await inspect(...args);
    expect(refused).toBe(2);
    expect(stderr.length).toBeGreaterThan(10);
  }
});
