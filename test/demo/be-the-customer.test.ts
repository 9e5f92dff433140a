import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../context.ts';
import { startSimulators } from '../simulators.ts';
import { openShopPage } from './be-the-customer.ts';
import { openShop, passwords } from './shop.ts';

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
});
