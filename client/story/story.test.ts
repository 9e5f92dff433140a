import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../../test/prerequisites.ts';

/** Set to a folder, every state is kept there as a picture. */
const pictures = process.env['STORY_PICTURES'];

let folder: string;
let server: PreviewServer;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yekja-story-'));
  const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
  const shared = { configFile, logLevel: 'error' as const };
  await build({
    ...shared,
    build: {
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: { input: fileURLToPath(new URL('./index.html', import.meta.url)) },
    },
  });
  server = await preview({
    ...shared,
    build: { outDir: folder },
    preview: { port: 0, host: '127.0.0.1', strictPort: true, proxy: {} },
  });
  const address = server.httpServer.address();
  if (!address || typeof address === 'string') throw new Error('The story server listens on no port.');
  origin = `http://127.0.0.1:${address.port}/story/index.html`;
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('The story needs Chromium: install it, or name it in CHROMIUM_PATH.');
  browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  if (pictures) await mkdir(pictures, { recursive: true });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function open(language: string, theme: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(
    `${origin}?language=${language}&theme=${theme}&calendar=${language === 'fa' ? 'jalali' : 'gregorian'}`,
  );
  await page.locator('main[data-ready]').waitFor();
  await page
    .getByRole('group')
    .filter({ has: page.getByRole('spinbutton') })
    .first()
    .waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, faults };
}

async function findings(page: Page): Promise<string[]> {
  // One page without frames, of which only what is wrong is wanted: several times as fast.
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .setLegacyMode()
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.html.slice(0, 200)} at ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`,
    ),
  );
}

async function keep(page: Page, name: string, fullPage = false): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}

const layers: [string, (page: Page) => Promise<void>][] = [
  ['menu', (page) => page.getByRole('menu').waitFor()],
  ['dialog', (page) => page.getByRole('dialog').getByRole('spinbutton').first().waitFor()],
  ['alert', (page) => page.getByRole('alertdialog').waitFor()],
  ['drawer', (page) => page.getByRole('dialog').waitFor()],
  ['finder', (page) => page.getByRole('combobox').waitFor()],
  ['popover', (page) => page.getByRole('dialog').waitFor()],
];

describe.each([
  ['fa', 'light'],
  ['fa', 'dark'],
  ['en', 'light'],
  ['en', 'dark'],
])('the kit in %s, %s', (language, theme) => {
  it('has nothing that axe objects to, in any layer', async () => {
    const { page, faults } = await open(language, theme);
    await keep(page, `${language}-${theme}-page`, true);
    expect(await findings(page)).toEqual([]);
    for (const [name, shown] of layers) {
      const opener = page.locator(`[data-open="${name}"]`);
      await opener.click();
      await shown(page);
      await keep(page, `${language}-${theme}-${name}`);
      expect(await findings(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('[role=menu], [role=dialog], [role=alertdialog]').waitFor({ state: 'detached' });
      await expect
        .poll(() => opener.evaluate((button) => button === document.activeElement), {
          message: `focus after ${name}`,
          timeout: 15_000,
        })
        .toBe(true);
    }
    await page.locator('[data-open="toast"]').click();
    await keep(page, `${language}-${theme}-toast`);
    expect(await findings(page), 'toast').toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);
});

describe('the kit in Persian', () => {
  it('shows a Jalali month in the order people say it, from Saturday, with Persian names for readers', async () => {
    const { page } = await open('fa', 'light');
    await page
      .getByRole('button', { name: /باز کردن تقویم/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('grid').waitFor();
    await keep(page, 'fa-light-calendar');
    expect(await dialog.getByText('آذر ۱۴۰۵', { exact: true }).count()).toBe(1);
    expect((await dialog.locator('th').allTextContents()).join(' ')).toBe('ش ی د س چ پ ج');
    expect(await findings(page)).toEqual([]);
    const year = page.getByRole('spinbutton', { name: /سال/ });
    expect(await year.count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('writes a time with its hour before its minute', async () => {
    const { page } = await open('fa', 'light');
    const hour = await page.getByRole('spinbutton', { name: /ساعت/ }).first().boundingBox();
    const minute = await page.getByRole('spinbutton', { name: /دقیقه/ }).first().boundingBox();
    expect(hour?.x).toBeLessThan(minute?.x ?? 0);
    await page.context().close();
  });

  it('cuts a Latin line at its end and keeps it at the page’s edge', async () => {
    const { page } = await open('fa', 'light');
    const line = page.locator('.ui-start[dir=ltr]', { hasText: 'Do you ship' });
    expect(await line.evaluate((element) => getComputedStyle(element).textAlign)).toBe('right');
    await page.context().close();
  });
});

it('switches language, direction, theme and row height live', async () => {
  const { page } = await open('fa', 'light');
  await page.getByText('English', { exact: true }).click();
  await page.locator('html[lang=en][dir=ltr]').waitFor();
  await page.getByText('Dark', { exact: true }).click();
  await page.locator('html[data-theme=dark]').waitFor();
  await page.getByText('Compact', { exact: true }).click();
  await page.locator('html[data-density=compact]').waitFor();
  expect(await page.evaluate(() => JSON.parse(localStorage.getItem('yekja.display') ?? '{}'))).toMatchObject({
    language: 'en',
    theme: 'dark',
    density: 'compact',
  });
  await page.context().close();
});

it('is operated from the keyboard: a splitter moves along the reading line', async () => {
  const { page } = await open('fa', 'light');
  const splitter = page.getByRole('separator', { name: 'تغییر پهنای ستون' });
  await splitter.focus();
  await page.keyboard.press('ArrowLeft');
  expect(await splitter.getAttribute('aria-valuenow')).toBe('256');
  await page.context().close();
});
