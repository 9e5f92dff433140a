import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Agent } from '../test/agent.ts';

/** The programs themselves, as people start them, on a data folder of their own. */
const folder = mkdtempSync(join(tmpdir(), 'yekja-main-'));
const env = {
  ...process.env,
  DATA_DIR: join(folder, 'main'),
  PORT: '0',
  HOST: '',
  MONGODB_URI: '',
  REDIS_URL: '',
  SECRET_KEY: '',
  PUBLIC_URL: '',
  LOG_LEVEL: 'info',
};
const running: { child: ChildProcess; output: () => string }[] = [];
afterAll(async () => {
  for (const { child } of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const engines = running.flatMap((one) => [...one.output().matchAll(/engine started \(process (\d+)\)/g)]);
  // They may have left by themselves: nobody is connected any more.
  for (const [, engine] of engines)
    try {
      process.kill(Number(engine), 'SIGTERM');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
      for (const look of waiting) look();
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const says = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output)?.[1];
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      void ended.then((code) => reject(new Error(`It ended with ${code}: ${output}`)));
      look();
    });
  const one = { child, ended, says, output: () => output };
  running.push(one);
  return one;
}

it('a first run, a second server that is refused, a forgotten password, an orderly end', {
  timeout: 120_000,
}, async () => {
  const server = start('server/main.ts');
  const code = await server.says(/set-up code: (\S+)/);
  const url = await server.says(/listening (http:\/\/127\.0\.0\.1:\d+)/);
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true });

  const agent = new Agent(url);
  const form = { language: 'fa', calendar: 'jalali', timeZone: 'Asia/Tehran' } as const;
  await agent.setUp({
    ...form,
    code,
    organisation: 'Example Shop',
    name: 'Admin',
    email: 'admin@example.com',
    password: 'a first password',
  });

  const second = start('server/main.ts');
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/Another server uses this data\..*REDIS_URL/);

  const nobody = start('server/cli/admin.ts', 'reset-password', 'nobody@example.com');
  expect(await nobody.ended).toBe(1);
  expect(nobody.output()).toContain('admin@example.com');
  const reset = start('server/cli/admin.ts', 'reset-password', 'Admin@example.com');
  const password = await reset.says(/new password of admin@example\.com: (\S+)/);
  expect(await reset.ended).toBe(0);
  await expect(agent.call('GET', '/api/session')).rejects.toMatchObject({ code: 'unauthenticated' });
  await agent.signIn('admin@example.com', password);
  const given = start('server/cli/admin.ts', 'reset-password', 'admin@example.com', '--stdin');
  given.child.stdin?.end('chosen at the terminal\n');
  expect(await given.ended).toBe(0);
  expect(given.output()).not.toContain('chosen');
  await agent.signIn('admin@example.com', 'chosen at the terminal');

  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  const again = start('server/main.ts');
  await again.says(/listening (http:\S+)/);
  expect(again.output()).not.toContain('set-up code');
  expect(again.output()).not.toContain('waiting');
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
});

it('an environment that is not right ends the start with all that is wrong', async () => {
  const before = env.PORT;
  env.PORT = 'many';
  const server = start('server/main.ts');
  env.PORT = before;
  expect(await server.ended).toBe(1);
  expect(server.output()).toMatch(/PORT must be a whole number from 0 to 65535/);
});

it('the terminal says how it is used', async () => {
  const admin = start('server/cli/admin.ts', 'reset-pasword');
  expect(await admin.ended).toBe(2);
  expect(admin.output()).toContain('npm run admin -- reset-password');
});

it('a forgotten password is looked for in no folder that holds nothing, and none is made', async () => {
  const before = env.DATA_DIR;
  env.DATA_DIR = join(folder, 'misspelt');
  const admin = start('server/cli/admin.ts', 'reset-password', 'admin@example.com');
  env.DATA_DIR = before;
  expect(await admin.ended).toBe(1);
  expect(admin.output()).toMatch(/misspelt holds no data/);
  expect(existsSync(join(folder, 'misspelt'))).toBe(false);
});

it('an engine that died is started again under a living server', { timeout: 120_000 }, async () => {
  const before = env.DATA_DIR;
  env.DATA_DIR = join(folder, 'engine');
  const server = start('server/main.ts');
  env.DATA_DIR = before;
  const url = await server.says(/listening (http:\/\/127\.0\.0\.1:\d+)/);
  const first = await server.says(/engine started \(process (\d+)\)/);
  expect((await fetch(`${url}/api/welcome`)).status).toBe(200);
  process.kill(Number(first), 'SIGKILL');
  const second = await server.says(new RegExp(`engine started \\(process (?!${first}\\))(\\d+)\\)`));
  expect(second).not.toBe(first);
  expect((await fetch(`${url}/api/welcome`)).status).toBe(200);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});
