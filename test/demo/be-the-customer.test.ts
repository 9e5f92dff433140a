import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../context.ts';
import { startSimulators } from '../simulators.ts';
import { openShopPage } from './be-the-customer.ts';
import { openShop, passwords } from './shop.ts';
import { texts } from './shop-page.parts.ts';
import { type Said, startShopPage } from './shop-page.ts';

describe('the page where one is the customer', () => {
  let ctx: TestContext;
  let simulators: Record<string, Simulator> = {};

  beforeAll(async () => {
    ctx = await createTestContext();
    simulators = await startSimulators();
  });
  afterAll(async () => {
    await ctx.close();
    for (const simulator of Object.values(simulators)) await simulator.close();
  });

  test('holds the chat of the shop, on an origin that the channel then allows', async () => {
    ctx.publicUrl ??= 'http://127.0.0.1:4700';
    const { webchat } = simulators;
    if (!webchat) throw new Error('There is no simulator of webchat.');
    const shop = await openShop(ctx, { simulators: { webchat }, logins: await passwords() });
    const [chat] = shop.channels;
    const options = { channelId: chat?.channelId ?? '', home: 'http://127.0.0.1:4700', port: 0, isNew: true };
    const page = await openShopPage(ctx, options);
    const channel = await ctx.models.channels.findById(chat?.channelId).lean().exec();
    expect(channel?.settings['allowedOrigins']).toBe(`https://shop.example\n${page.origin}`);

    const answer = await fetch(`${page.origin}/en?as=c-1042`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await answer.text();
    expect(html).toContain(`src="http://127.0.0.1:4700/widget/loader.js" data-site="${channel?.accountRef}"`);
    expect(html).toMatch(
      /data-user="{&quot;userId&quot;:&quot;c-1042&quot;.*&quot;hash&quot;:&quot;[0-9a-f]{64}&quot;}"/,
    );
    expect(await (await fetch(page.url)).text()).toContain('data-user="null"');
    await page.close();

    // A later start has another port; the one before is not allowed any more.
    const later = await openShopPage(ctx, { ...options, isNew: false });
    const after = await ctx.models.channels.findById(chat?.channelId).lean().exec();
    expect(after?.settings['allowedOrigins']).toBe(`https://shop.example\n${later.origin}`);
    await later.close();
  });

  test('lets whoever tries it say something before all, and no other site', async () => {
    const all: Said[] = [];
    const page = await startShopPage({
      home: 'http://127.0.0.1:4700',
      site: 'site',
      say: async (said) => {
        all.push(said);
      },
    });
    const say = (words: Record<string, string>, origin = page.origin) =>
      fetch(`${page.origin}/say?tongue=en`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams(words),
        redirect: 'manual',
      });
    const words = { way: 'mention', name: 'Nima', text: 'Mahtab is fine' };
    expect((await say(words)).headers.get('location')).toBe('/en?said=1');
    for (const wrong of [say(words, 'http://elsewhere.example'), say({ ...words, way: 'radio' })])
      expect((await wrong).headers.get('location')).toBe('/en');
    expect(all).toEqual([words]);
    expect(await (await fetch(`${page.origin}/en?said=1`)).text()).toContain(texts.en.wasSaid);
    await page.close();
    const silent = await startShopPage({ home: 'http://127.0.0.1:4700', site: 'site' });
    expect(await (await fetch(silent.url)).text()).not.toContain('/say');
    await silent.close();
  });
});
