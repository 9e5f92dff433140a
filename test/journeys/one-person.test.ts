import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
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
  // The older conversation, which is open, goes on in the younger.
  await desk.button(t.inbox.openSuccessor).click();
  await expect(desk.list.getByRole('option')).toHaveCount(1);
  await expect(desk.bubble(bySms)).toBeVisible();
  await expect(desk.bubble(byTelegram)).toBeVisible();
  const texts = desk.timeline.getByRole('article');
  await expect(texts.first()).toContainText(bySms);
  // Which channel each came over is said once there are two.
  await expect(texts.filter({ hasText: byTelegram })).toContainText('telegram');
  await expect(texts.filter({ hasText: bySms })).toContainText('sms');

  const customer = desk.page.getByRole('complementary', { name: t.inbox.customer });
  await expect(customer.getByText(t.customer.kind.mobile)).toBeVisible();
  await expect(customer.getByText(t.customer.kind.telegramUser)).toBeVisible();
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
  expect(desk.loads).toBe(1);
  expect(desk.complaints).toEqual([]);
});
