import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { chromiumPath } from '../prerequisites.ts';

export interface Browser {
  /** A window of its own: its own cookies and storage. */
  person(options?: {
    width?: number;
    height?: number;
    dark?: boolean;
  }): Promise<{ page: Page; context: BrowserContext }>;
  close(): Promise<void>;
}

/** The browser of the journeys: Debian's Chromium without any network of its own. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath)
    throw new Error('The journeys need Chromium: install it, or name it in CHROMIUM_PATH.');
  const profile = await mkdtemp(join(tmpdir(), 'yekja-browser-'));
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--crash-dumps-dir=${profile}`,
    ],
  });
  return {
    async person(options = {}) {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
        colorScheme: options.dark ? 'dark' : 'light',
        locale: 'fa-IR',
        timezoneId: 'Asia/Tehran',
      });
      return { page: await context.newPage(), context };
    },
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** What axe finds on the page as it is (WCAG 2.2 A and AA, and best practice), a line each; none when all is well. */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map(
      (node) =>
        `${violation.id} (${violation.impact}): ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`,
    ),
  );
}
