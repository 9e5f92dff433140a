import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../test/app.ts';

let app: TestApp;
const clientDir = mkdtempSync(join(tmpdir(), 'yekja-client-'));
beforeAll(async () => {
  mkdirSync(join(clientDir, 'client', 'assets'), { recursive: true });
  writeFileSync(join(clientDir, 'outside.txt'), 'not for anyone');
  writeFileSync(join(clientDir, 'client', 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(clientDir, 'client', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(clientDir, 'client', 'assets', 'main-abc123.js'), 'export {};');
  app = await startTestApp({ clientDir: join(clientDir, 'client') });
});
afterAll(async () => {
  await app.end();
  rmSync(clientDir, { recursive: true, force: true });
});

const get = (path: string, accept = 'text/html') => fetch(`${app.url}${path}`, { headers: { accept } });

describe('the pages', () => {
  it('are one page at every address that is none of the API’s', async () => {
    for (const path of ['/', '/inbox/all/some-id', '/settings/channels']) {
      const response = await get(path);
      expect([path, response.status, await response.text()]).toEqual([
        path,
        200,
        '<!doctype html><title>the page</title>',
      ]);
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
    expect((await get('/api/nothing')).status).toBe(404);
    expect((await get('/hooks/nothing')).status).toBe(404);
    expect((await get('/inbox', 'application/json')).status).toBe(404);
  });

  it('load only what is ours, and stand in no frame', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect((await get('/')).headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get('/')).headers.get('x-powered-by')).toBeNull();
  });

  it('keep what is named by its content for ever, and ask anew for the rest', async () => {
    const asset = await get('/assets/main-abc123.js', '*/*');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toMatch(/javascript/);
    expect((await get('/icon.svg', '*/*')).headers.get('cache-control')).toBe('public, max-age=0');
    // A page of yesterday asks for what is no more: a page in its place would be taken for a script.
    expect((await get('/assets/main-old.js', '*/*')).status).toBe(404);
  });

  it('do not lead out of their folder', async () => {
    const raw = (path: string) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        request(app.url, { path }, (response) => {
          let body = '';
          response.on('data', (chunk) => {
            body += String(chunk);
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        })
          .on('error', reject)
          .end();
      });
    for (const path of [
      '/../outside.txt',
      '/assets/../../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/assets/..%2f..%2foutside.txt',
      '/%00',
    ])
      expect((await raw(path)).body).not.toContain('not for anyone');
  });

  it('are not needed to say that the server serves', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ ok: true });
  });
});
