import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ channels: ['sms', 'telegram'] });
});
afterAll(() => stage?.close());

it('joins what one person writes on two channels once they prove that they are one', async () => {
  const sms = lineOf(stage, 'sms');
  const telegram = lineOf(stage, 'telegram');
  const mobile = sms.simulator.peer(1);
  const chat = telegram.simulator.peer(1);
  const desk = await Desk.open({ stage });
  const { t } = desk;

  const bySms = 'Is the blue jacket there in size 40?';
  await sms.simulator.customerWrites({ peer: mobile, text: bySms });
  await desk.open(bySms);
  await desk.answer('Yes, two of them.');
  await expect(desk.tick('delivered', desk.bubble('Yes, two of them.'))).toBeVisible();

  const byTelegram = 'Hello, I asked about the jacket by SMS.';
  await telegram.simulator.customerWrites({ peer: chat, name: 'Sara Ahmadi', text: byTelegram });
  await expect(desk.row(byTelegram)).toBeVisible();
  await expect(desk.list.getByRole('option')).toHaveCount(2);

  await telegram.simulator.act({ do: 'contact', peer: chat, phone: mobile });
  // The older conversation, which is open, goes on in the younger, and who has it open is taken there.
  await expect(desk.list.getByRole('option')).toHaveCount(1);
  await expect(desk.bubble(bySms)).toBeVisible();
  await expect(desk.bubble(byTelegram)).toBeVisible();
  const texts = desk.timeline.getByRole('article');
  await expect(texts.first()).toContainText(bySms);
  // Which channel each came over is said once there are two.
  await expect(texts.filter({ hasText: byTelegram })).toContainText('telegram');
  await expect(texts.filter({ hasText: bySms })).toContainText('sms');

  const customer = desk.page.getByRole('complementary', { name: t.inbox.customer });
  await expect(customer.getByText(`${t.customer.kind.mobile} ·`)).toBeVisible();
  await expect(customer.getByText(`${t.customer.kind.telegramUser} ·`)).toBeVisible();
  await expect(customer.getByRole('heading', { name: 'Sara Ahmadi' })).toBeVisible();

  const chooser = desk.composer.getByRole('button', { name: t.composer.target });
  const choose = async (name: string) => {
    await chooser.click();
    const menu = desk.page.getByRole('menu', { name: t.composer.target });
    await expect(menu.getByRole('menuitem')).toHaveCount(2);
    await menu.getByRole('menuitem', { name }).click();
    await expect(chooser).toContainText(name);
  };
  // The last word came over Telegram: the answer goes there unless the agent chooses another way.
  await expect(chooser).toContainText('telegram');
  await choose('sms');
  await desk.textbox.fill('I have put one aside for you.');
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.tick('delivered', desk.bubble('I have put one aside'))).toBeVisible();
  expect(sent(sms, 'I have put one aside for you.').map(({ peer }) => peer)).toEqual([mobile]);
  expect(sent(telegram, 'I have put one aside for you.')).toEqual([]);

  await choose('telegram');
  await desk.textbox.fill('And here as well.');
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.tick('sent', desk.bubble('And here as well.'))).toBeVisible();
  expect(sent(telegram, 'And here as well.').map(({ peer }) => peer)).toEqual([chat]);
  expect(sent(sms, 'And here as well.')).toEqual([]);

  // They were two after all: what each wrote, and what was written to each, is theirs again, on the screen that shows them.
  const { agent } = stage.world;
  const found = await agent.call<{ customers: { id: string }[] }>('GET', '/api/customers?q=Sara&limit=1');
  const id = found.customers[0]?.id ?? '';
  const { merges } = await agent.call<{ merges: { linkId: string }[] }>('GET', `/api/customers/${id}/merges`);
  await agent.call('POST', `/api/customers/${id}/unmerge`, { linkId: merges[0]?.linkId });
  await expect(desk.list.getByRole('option')).toHaveCount(2);
  await expect(desk.bubble(bySms)).toHaveCount(0);
  await expect(desk.bubble('I have put one aside')).toHaveCount(0);
  await expect(desk.bubble(byTelegram)).toBeVisible();
  await expect(desk.bubble('And here as well.')).toBeVisible();
  await desk.open('I have put one aside');
  await expect(desk.bubble(bySms)).toBeVisible();
  await expect(desk.bubble('I have put one aside')).toBeVisible();
  await expect(desk.bubble(byTelegram)).toHaveCount(0);
  expect(desk.loads).toBe(1);
  expect(desk.complaints).toEqual([]);
});
