import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelDetails } from '../../shared/channel.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';

let app: TestApp;
let folder: string;
let channel: ChannelDetails;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yekja-widget-'));
  await mkdir(join(folder, 'widget', 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), 'the app');
  await writeFile(join(folder, 'widget', 'frame.html'), 'the frame');
  await writeFile(join(folder, 'widget', 'loader.js'), 'the loader');
  await writeFile(join(folder, 'widget', 'assets', 'frame-abc.js'), 'an asset');
  app = await startTestApp({ clientDir: folder });
  channel = await app.admin.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: { name: 'Shop', allowedOrigins: 'https://shop.example *.pages.example http://localhost:8080' },
  });
});
afterAll(async () => {
  await app?.end();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(`${app.url}/widget/${path}`);
const site = () => String(channel.settings['site']);

describe('the widget', () => {
  it('has a loader that any page may run', async () => {
    const { status, headers } = await get('loader.js');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
    expect(headers.get('cache-control')).toBe('public, max-age=600');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it('has a frame that only our own pages and those of its settings may hold', async () => {
    const response = await get(site());
    expect(await response.text()).toBe('the frame');
    const { headers } = response;
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(
      "frame-ancestors 'self' https://shop.example https://*.pages.example http://localhost:8080",
    );
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('is made of what is named by its content', async () => {
    expect((await get('assets/frame-abc.js')).headers.get('cache-control')).toContain('immutable');
    expect((await get('assets/no-such.js')).status).toBe(404);
  });

  it('is nowhere to be found for a site that is none, or no more', async () => {
    expect((await get('no-such-site')).status).toBe(404);
    const gone = await app.admin.createChannel({
      connector: 'webchat',
      name: 'Gone',
      settings: { name: 'Gone' },
    });
    const key = String(gone.settings['site']);
    expect((await get(key)).headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
    await app.admin.call('PATCH', `/api/channels/${gone.id}`, { state: 'archived' });
    expect((await get(key)).status).toBe(404);
    expect((await fetch(`${app.url}/chat/${key}/config`)).status).toBe(404);
  });
});
