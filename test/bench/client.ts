import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { budget, weighClient } from '../client-budget.ts';
import { type Browser, openBrowser } from '../journeys/browser.ts';
import { buildPages } from '../journeys/installation.ts';
import * as probe from './client.probe.ts';
import { type BenchServer, startBenchServer } from './client.server.ts';
import type { Row } from './main.ts';
import { percentile } from './webhook.ts';

const conversations = 100_000;
const longHistory = 10_000;
/** Eight hours of ten events a second, and somebody who opens a conversation every 80 seconds. */
const soak = { events: 288_000, opens: 360, steps: 8 };
const rain = 200;

const list = '[role=listbox]';
const stream = '#timeline';

/**
 * What the interface costs: bytes, time to the first rows, frames while scrolling, keys while events rain, memory over a day. The server
 * is a computed one, so that only the client is measured; the budgets stand beside as `floor`.
 */
export async function client(say: (line: string) => void, only = ''): Promise<Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'yekja-bench-client-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  try {
    say('building the pages');
    await buildPages(dir);
    const server = await startBenchServer(dir, { conversations, longHistory });
    closing.push(() => server.close());
    const browser = await openBrowser({ whole: true });
    closing.push(() => browser.close());
    const rows = await bytes(dir);
    for (const [name, part] of Object.entries(parts)) {
      if (!name.includes(only)) continue;
      say(name);
      rows.push(...(await part({ server, browser, say })));
    }
    return rows;
  } finally {
    for (const step of closing.reverse()) await step();
  }
}

interface Bench {
  server: BenchServer;
  browser: Browser;
  say(line: string): void;
}

const parts: Record<string, (bench: Bench) => Promise<Row[]>> = {
  'rows visible': rowsVisible,
  'the list': scrollList,
  'the history': scrollHistory,
  'conversation switch': switching,
  'typing and sending': typing,
  'a day of eight hours': aDay,
};

async function bytes(dir: string): Promise<Row[]> {
  const weight = await weighClient(dir);
  return Object.entries(weight).map(([part, value]) =>
    against(`bytes, ${part}`, value / 1000, 'kB', (budget[part as keyof typeof budget] ?? 0) / 1000),
  );
}

/** A figure beside the most that it should be. */
function against(name: string, value: number, unit: string, most: number): Row {
  return { case: name, value, unit, floor: most, ratio: value / most };
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

async function open({ server, browser }: Bench, path = '/inbox/all') {
  const { page, context } = await browser.person();
  // The compiler names functions by a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.addInitScript(probe.install);
  await page.goto(`${server.url}${path}`);
  await page.locator(`${list} [role=option]`).first().waitFor();
  return { page, context };
}

async function rowsVisible(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { slower, most } of [
    { slower: 1, most: 1_000 },
    { slower: 4, most: 3_500 },
  ]) {
    const times: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const { page, context } = await bench.browser.person();
      const cdp = await context.newCDPSession(page);
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
      const from = performance.now();
      await page.goto(`${bench.server.url}/inbox/all`, { waitUntil: 'commit' });
      await page.locator(`${list} [role=option]`).first().waitFor();
      // The first warms the server and the disk, not the browser: every window has its own cache.
      if (n > 0) times.push(performance.now() - from);
      await context.close();
    }
    rows.push(
      against(`rows visible, ${slower}× slower, median of 5`, percentile(sorted(times), 0.5), 'ms', most),
    );
  }
  return rows;
}

async function scrollList(bench: Bench): Promise<Row[]> {
  const { page, context } = await open(bench);
  const rowHeight = await page
    .locator(`${list} [role=option]`)
    .first()
    .evaluate((row) => row.getBoundingClientRect().height);
  const all = conversations * Math.floor(rowHeight);
  const from = performance.now();
  const height = await page.evaluate(probe.loadAll, {
    selector: list,
    to: 'bottom' as const,
    until: all,
    ms: 400_000,
  });
  const loaded = Math.round(height / rowHeight);
  bench.say(`  ${loaded} rows loaded in ${Math.round((performance.now() - from) / 1000)} s`);
  const rows: Row[] = [{ case: 'list, rows loaded', value: loaded, unit: 'rows' }];
  rows.push(...(await scrolling(page, { name: `list of ${loaded} rows`, selector: list, pace: -4_000 })));
  const stop = bench.server.rain(rain);
  rows.push(
    ...(await scrolling(page, {
      name: `list of ${loaded} rows, ${rain} events/s`,
      selector: list,
      pace: -4_000,
    })),
  );
  stop();
  rows.push({ case: 'heap with the whole list', value: await heap(context.newCDPSession(page)), unit: 'MB' });
  await context.close();
  return rows;
}

async function scrolling(
  page: Page,
  options: { name: string; selector: string; pace: number },
): Promise<Row[]> {
  const { name, selector, pace } = options;
  await page.evaluate(probe.forget);
  const { frames, blank, moved } = await page.evaluate(probe.scroll, { selector, pace, ms: 9_000 });
  if (moved < 10_000) throw new Error(`${name}: it scrolled ${moved} px and no further.`);
  const tasks = await page.evaluate(() => window.probe.longTasks.filter((ms) => ms > 50).length);
  const lengths = sorted(frames);
  return [
    {
      ...against(`scroll, ${name}, p95 frame`, percentile(lengths, 0.95), 'ms', 20),
      p50: percentile(lengths, 0.5),
      p99: percentile(lengths, 0.99),
    },
    against(`scroll, ${name}, long tasks in 9 s`, tasks, '', 1),
    { case: `scroll, ${name}, blank frames of ${frames.length}`, value: blank, unit: '' },
  ];
}

async function scrollHistory(bench: Bench): Promise<Row[]> {
  const { page, context } = await open(bench);
  await page.locator(`${list} [role=option]`).first().click();
  await page.locator(`${stream} article`).first().waitFor();
  // Only a hand takes somebody away from the newest message.
  await page.locator(stream).hover();
  await page.mouse.wheel(0, -600);
  const drifts = await page.evaluate(probe.drift, { selector: stream, prepends: 12, ms: 60_000 });
  if (drifts.length < 6)
    throw new Error(`Only ${drifts.length} pages were put in above: no drift was measured.`);
  const from = performance.now();
  const up = await scrolling(page, {
    name: `up through a history of ${longHistory} messages, pages put in above`,
    selector: stream,
    pace: -4_000,
  });
  if (!(await page.evaluate(probe.toBeginning, { selector: stream, words: '№1. ', ms: 120_000 })))
    throw new Error('The beginning of the history was not reached in two minutes.');
  bench.say(
    `  all ${longHistory} messages walked through in ${Math.round((performance.now() - from) / 1000)} s`,
  );
  const rows: Row[] = [
    { case: `prepend drift, largest of ${drifts.length}`, value: Math.max(...drifts), unit: 'px' },
  ];
  rows.push(
    ...up,
    ...(await scrolling(page, { name: 'down again from its beginning', selector: stream, pace: 4_000 })),
  );
  await context.close();
  return rows;
}

async function switching(bench: Bench): Promise<Row[]> {
  const { page, context } = await open(bench);
  await page.locator(`${list} [role=option]`).first().click();
  await page.locator(`${stream} article`).first().waitFor();
  const walk = async (key: string) => {
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
  };
  // There and back once: what is measured is opened from what the client knows.
  await page.keyboard.press('Escape');
  await walk('j');
  await walk('k');
  const rows: Row[] = [];
  for (const { name, events, most } of [
    { name: 'quiet', events: 0, most: 100 },
    { name: `${rain} events/s`, events: rain, most: 120 },
  ]) {
    const stop = events ? bench.server.rain(events) : () => undefined;
    await page.evaluate(probe.forget);
    await walk('j');
    await walk('k');
    stop();
    const keys = sorted(await page.evaluate(() => window.probe.keys));
    rows.push({
      ...against(`conversation switch, ${name}, p95`, percentile(keys, 0.95), 'ms', most),
      p50: percentile(keys, 0.5),
      p99: percentile(keys, 0.99),
    });
  }
  await context.close();
  return rows;
}

async function typing(bench: Bench): Promise<Row[]> {
  const { page, context } = await open(bench);
  await page.locator(`${list} [role=option]`).first().click();
  await page.locator(`${stream} article`).first().waitFor();
  await page.keyboard.press('r');
  const stop = bench.server.rain(rain);
  await page.evaluate(probe.forget);
  await page.keyboard.type('سلام، پیام شما رسید و سفارش شما فردا فرستاده می‌شود. سپاس از شکیبایی شما. ', {
    delay: 60,
  });
  const keys = sorted(await page.evaluate(() => window.probe.keys));
  stop();
  const bubbles: number[] = [];
  for (let n = 0; n < 15; n += 1) {
    await page.keyboard.insertText(`پاسخ ${n}`);
    bubbles.push(
      await page.evaluate(async (selector) => {
        const box = document.querySelector(selector);
        if (!box) throw new Error('no timeline');
        const count = () => box.querySelectorAll('article').length;
        const last = () => [...box.querySelectorAll('article')].at(-1)?.textContent ?? '';
        const before = `${count()}${last()}`;
        const field = document.activeElement;
        const from = performance.now();
        field?.dispatchEvent(
          new KeyboardEvent('keydown', {
            key: 'Enter',
            code: 'Enter',
            ctrlKey: true,
            bubbles: true,
            cancelable: true,
          }),
        );
        while (`${count()}${last()}` === before && performance.now() - from < 5_000)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now() - from;
      }, stream),
    );
  }
  await context.close();
  const waits = sorted(bubbles);
  return [
    {
      ...against(`key to paint, ${rain} events/s, p95`, percentile(keys, 0.95), 'ms', 80),
      p50: percentile(keys, 0.5),
      p99: percentile(keys, 0.99),
    },
    {
      ...against('send to bubble, p95', percentile(waits, 0.95), 'ms', 50),
      p50: percentile(waits, 0.5),
      p99: percentile(waits, 0.99),
    },
  ];
}

/** The same events and openings as in eight hours, as fast as they go. */
async function aDay(bench: Bench): Promise<Row[]> {
  const { page, context } = await open(bench);
  const cdp = context.newCDPSession(page);
  const heaps: number[] = [];
  await page.locator(`${list} [role=option]`).first().click();
  const from = performance.now();
  for (let step = 1; step <= soak.steps; step += 1) {
    const poured = bench.server.pour(soak.events / soak.steps);
    for (let n = 0; n < soak.opens / soak.steps; n += 1) {
      await page.keyboard.press(n % 9 === 8 ? 'k' : 'j');
      await page.waitForTimeout(100);
    }
    await poured;
    // What the page has heard it must also have drawn: the newest row is the newest event's.
    await page.waitForFunction(() => performance.now() > 0 && !document.hidden);
    heaps.push(await heap(cdp));
    bench.say(`  after hour ${step}: ${heaps.at(-1)?.toFixed(1)} MB`);
  }
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  await context.close();
  bench.say(`  in ${Math.round((performance.now() - from) / 1000)} s`);
  const last = heaps.at(-1) ?? 0;
  const before = heaps.at(-2) ?? last;
  return [
    against('heap after eight hours', last, 'MB', 150),
    against('heap, growth in the last hour', (100 * (last - before)) / before, '%', 2),
    against('elements after eight hours', nodes, '', 5_000),
  ];
}

/** Megabytes in use after a collection. */
async function heap(session: Promise<CDPSession> | CDPSession): Promise<number> {
  const cdp = await session;
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}
