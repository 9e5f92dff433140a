import { join } from 'node:path';
import type { Frame } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { words } from '../../client/features/widget-designer/words.ts';
import type { WidgetConfig } from '../../shared/visitor.ts';
import { until } from '../world.ts';
import { axe } from './browser.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';
import { openShop, type Shop, Visit } from './visit.ts';

let stage: Stage;
let shop: Shop;
beforeAll(async () => {
  stage = await setStage({ channels: ['webchat'] });
  shop = await openShop(stage);
});
afterAll(async () => {
  await shop?.close();
  await stage?.close();
});

const config = async (): Promise<WidgetConfig> =>
  (await fetch(`${stage.world.servers[0]?.url}/chat/${shop.site}/config`)).json() as Promise<WidgetConfig>;

const previewOf = (desk: Desk): Promise<Frame> =>
  until('the preview', () => desk.page.frames().find((one) => one.url().includes('?preview')));

describe.each(['en', 'fa'] as const)('the designer in %s', (language) => {
  const w = words[language];

  it('shows each change at once in the real panel, and visitors get it when it is saved', async () => {
    const desk = await Desk.open({ stage, preferences: { language } });
    await desk.goTo(`/channels/${shop.channel.id}/widget`);
    const preview = await previewOf(desk);
    await expect(preview.getByRole('article')).toHaveCount(2);
    const before = await config();

    const name = `Shop of ${language}`;
    await desk.page.getByRole('textbox', { name: /^(Name on the widget|نام روی ابزارک)/ }).fill(name);
    await expect(preview.getByRole('heading', { level: 1 })).toHaveText(name);
    await desk.page.getByRole('textbox', { name: /^(Colour|رنگ)\s*\(/ }).fill('#ffd400');
    const heading = preview.locator('header');
    await expect(heading).toHaveCSS('background-color', 'rgb(255, 212, 0)');
    await expect(heading).toHaveCSS('color', 'rgb(0, 0, 0)');
    expect(await config()).toEqual(before);

    await desk.page.getByRole('radio', { name: w.closed }).check({ force: true });
    await expect(preview.getByText(language === 'fa' ? before.offline.fa : before.offline.en)).toBeVisible();
    if (process.env.PICTURES_DIR)
      await desk.page.screenshot({
        path: join(process.env.PICTURES_DIR, `designer-${language}.png`),
        fullPage: true,
      });

    await desk.page.getByLabel(w.origin).fill('https://shop.example/page');
    await desk.button(w.add).click();
    await expect(desk.page.getByText(w.originIssue.more)).toBeVisible();
    await desk.page.getByLabel(w.origin).fill(`${language}.shop.example`);
    await desk.button(w.add).click();
    await expect(desk.page.getByText(`https://${language}.shop.example`)).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);

    await desk.button(desk.t.common.save).click();
    await expect(desk.page.getByText(w.saved)).toBeVisible();
    expect(await config()).toMatchObject({ name, colour: '#ffd400' });
    const framed = await fetch(`${stage.world.servers[0]?.url}/widget/${shop.site}`);
    expect(framed.headers.get('content-security-policy')).toContain(`https://${language}.shop.example`);

    const visit = await Visit.begin(stage, shop);
    await visit.open();
    await expect(visit.panel.getByRole('heading', { level: 1 })).toHaveText(name);
    await visit.close();
    expect(desk.complaints).toEqual([]);
    await desk.close();
  });
});

it('gives the code to copy, and a secret once', async () => {
  const w = words.en;
  const desk = await Desk.open({ stage });
  await desk.goTo(`/channels/${shop.channel.id}/widget`);
  await expect(desk.page.getByRole('region', { name: w.snippet, exact: true })).toContainText(
    `window.yekja = { site: '${shop.site}' }`,
  );
  await desk.button(w.secretNew).click();
  const shown = desk.page.getByRole('region', { name: w.secret, exact: true });
  await expect(shown).toBeVisible();
  const secret = (await shown.textContent()) ?? '';
  expect(secret.trim()).toMatch(/^[0-9a-f]{64}$/);
  await desk.page.reload();
  await expect(desk.page.getByText(w.secretSet)).toBeVisible();
  expect(await desk.page.content()).not.toContain(secret.trim());
  await desk.close();
});
