import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import {
  type BrowserContext,
  chromium,
  type Page,
  type Browser as PlaywrightBrowser,
} from '@playwright/test';
import { chromiumPath } from '../prerequisites.ts';

export interface Browser {
  /** A window of its own: its own cookies and storage. */
  person(options?: {
    width?: number;
    height?: number;
    dark?: boolean;
  }): Promise<{ page: Page; context: BrowserContext }>;
  /** Closes its windows. */
  close(): Promise<void>;
}

const launched = new Map<string, Promise<PlaywrightBrowser>>();

/** One Chromium of a kind for everything that this process looks at: it ends with the process, whose pipe it hears. */
async function chromiumHere(whole: boolean): Promise<PlaywrightBrowser> {
  const executablePath = chromiumPath({ whole });
  if (!executablePath)
    throw new Error('The journeys need Chromium: install it, or name it in CHROMIUM_PATH.');
  const running = await launched.get(executablePath);
  if (running?.isConnected()) return running;
  const fresh = launch(executablePath);
  launched.set(executablePath, fresh);
  return fresh;
}

async function launch(executablePath: string): Promise<PlaywrightBrowser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--crash-dumps-dir=${join(tmpdir(), 'yekja-browser')}`,
    ],
  });
}

/**
 * The browser of the journeys: Debian's Chromium without any network of its own.
 * @param options.whole with everything that people's Chromium has, for what the one without windows does otherwise
 */
export async function openBrowser(options: { whole?: boolean } = {}): Promise<Browser> {
  const browser = await chromiumHere(options.whole ?? false);
  const contexts: BrowserContext[] = [];
  return {
    async person(options = {}) {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
        colorScheme: options.dark ? 'dark' : 'light',
        // What slides and fades in is looked at where it comes to rest.
        reducedMotion: 'reduce',
        locale: 'fa-IR',
        timezoneId: 'Asia/Tehran',
      });
      contexts.push(context);
      return { page: await context.newPage(), context };
    },
    async close() {
      for (const context of contexts) await context.close();
    },
  };
}

/** What axe finds on the page as it is (WCAG 2.2 A and AA, and best practice), a line each; none when all is well. */
export async function axe(page: Page): Promise<string[]> {
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  // What puts the findings of several frames together costs two thirds of the time: a page without frames needs none of it.
  const { violations } = await (page.frames().length > 1 ? builder : builder.setLegacyMode()).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map(
      (node) =>
        `${violation.id} (${violation.impact}): ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`,
    ),
  );
}
