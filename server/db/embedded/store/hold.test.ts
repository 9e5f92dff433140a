import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExisting } from './backup.ts';
import { compact } from './compact.ts';
import { filled } from './test/filled.ts';
import { program } from './test/program.ts';

let root: string;
let code: Awaited<ReturnType<typeof program>>;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'hold-'));
  code = await program(
    'hold',
    `import { Store } from './store.ts';
     const store = new Store(process.argv[2], 'none');
     const record = { pid: process.pid, nonce: 'theirs', address: '/out/of/reach.sock', file: store.file };
     store.meta.db.putSync(Buffer.from('engine'), Buffer.from(JSON.stringify(record)));
     store.meta.db.get(Buffer.from('engine'));
     console.log('open');
     process.stdin.once('end', () => store.close()).resume();`,
  );
});

afterAll(() => {
  code.remove();
  rmSync(root, { recursive: true, force: true });
});

test('an engine whose socket is out of reach keeps its store', async () => {
  const dir = path.join(root, 'data');
  await (await filled(dir, 60)).close();
  const engine = spawn(process.execPath, [code.file, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(engine.stdout, 'data');
  await expect(compact(dir, () => {})).rejects.toThrow(
    new RegExp(`process ${engine.pid} reads the data of .*stop the program`),
  );
  const store = openExisting(dir);
  expect(JSON.parse(store.meta.db.get(Buffer.from('engine'))!.toString())).toMatchObject({ nonce: 'theirs' });
  await store.close();
  engine.stdin.end();
  await once(engine, 'close');
  expect(await compact(dir, () => {})).toMatchObject({ documents: 60 });
});
