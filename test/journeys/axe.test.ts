import { afterAll, beforeAll, describe, it } from 'vitest';
import { axe } from './browser.ts';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';

const minute = 60_000;
const persian = { language: 'fa', calendar: 'jalali' } as const;
const question = 'سلام، سفارش من کجاست؟';

/** A whole PNG of one pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { simulator } = lineOf(stage, 'telegram');
  const peer = simulator.peer(1);
  await simulator.customerWrites({ peer, name: 'سارا احمدی', text: question });
  const text = 'عکسش را هم فرستادم.';
  await simulator.customerWrites({
    peer,
    text,
    file: { name: 'order.png', type: 'image/png', body: picture },
  });
});
afterAll(() => stage?.close());

/** A conversation with everything that a stream can hold: an answer, a failed and an unknown one, a note, events. */
async function richConversation(): Promise<Desk> {
  const desk = await Desk.open({ stage, preferences: persian });
  await desk.open(/سارا/);
  await expect(desk.bubble(question)).toBeVisible();
  const { simulator } = lineOf(stage, 'telegram');
  await desk.answer('فردا می‌رسد.');
  await expect(desk.tick('sent', desk.bubble('فردا می‌رسد.'))).toBeVisible();
  await desk.page.keyboard.press('Escape');
  simulator.fail('resetAfterAccept', { times: 1 });
  await desk.answer('شمارهٔ سفارش BX-1234 است.');
  await expect(desk.timeline.getByRole('group', { name: desk.t.delivery.unknownTitle })).toBeVisible();
  await desk.page.keyboard.press('Escape');
  await desk.page.keyboard.press('n');
  await desk.page.keyboard.insertText('باید پیگیری شود');
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.bubble('باید پیگیری شود')).toBeVisible();
  await desk.page.keyboard.press('Escape');
  await desk.page.keyboard.press('i');
  await expect(desk.page.getByText(desk.t.assign.assignedToMe)).toBeVisible();
  return desk;
}

describe('a conversation in Persian, light', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await richConversation();
  }, minute);
  afterAll(() => desk?.close());

  it('an open conversation', async () => {
    await expect(desk.page.getByRole('heading', { name: desk.t.customer.identities })).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
  });

  it('a failed message', async () => {
    lineOf(stage, 'telegram').simulator.fail('blocked', { times: 1 });
    await desk.answer('این نرسید.');
    await expect(desk.timeline.getByRole('group', { name: desk.t.delivery.state.failed })).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
  });

  it('a colleague who looks on, writes and answers first', async () => {
    const colleague = await Desk.open({ stage, login: await stage.hire('Nima Karimi') });
    await colleague.open(/سارا/);
    await expect(colleague.bubble(question)).toBeVisible();
    await desk.page.keyboard.press('Escape');
    // Whoever blocked us and writes again can be written to.
    const { simulator } = lineOf(stage, 'telegram');
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'الان درست شد؟' });
    await expect(desk.bubble('الان درست شد؟')).toBeVisible();
    await desk.textbox.fill('جواب من');
    await colleague.page.keyboard.press('r');
    await colleague.textbox.pressSequentially('My');
    await expect(desk.composer.getByRole('status')).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
    await colleague.textbox.fill('My answer');
    await colleague.page.keyboard.press('Control+Enter');
    await expect(desk.bubble('My answer')).toBeVisible();
    await desk.button(desk.t.composer.send).click();
    const dialog = desk.page.getByRole('alertdialog', { name: desk.t.collision.title });
    await expect(dialog).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
    await desk.button(desk.t.collision.discard, dialog).click();
    await colleague.close();
  });

  it('the customer as a drawer, in a narrow window', async () => {
    await desk.page.setViewportSize({ width: 1100, height: 800 });
    await desk.button(desk.t.inbox.toggleCustomer).click();
    const drawer = desk.page.getByRole('dialog', { name: desk.t.customer.title });
    await expect(drawer.getByRole('heading', { name: desk.t.customer.identities })).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
  });
});

describe.each([
  { language: 'fa', calendar: 'jalali', theme: 'dark' },
  { language: 'en', calendar: 'gregorian', theme: 'light' },
  { language: 'en', calendar: 'gregorian', theme: 'dark' },
] as const)('$language, $theme', (preferences) => {
  it('has no findings in the list and an open conversation', async () => {
    const desk = await Desk.open({ stage, preferences });
    await expect(desk.row(/سارا/)).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
    await desk.open(/سارا/);
    await expect(desk.bubble(question)).toBeVisible();
    await expect(desk.page.getByRole('heading', { name: desk.t.customer.identities })).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
    await desk.close();
  });

  it('has no findings on a phone', async () => {
    const desk = await Desk.open({ stage, preferences, width: 390, height: 844 });
    await expect(desk.row(/سارا/)).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
    await desk.open(/سارا/);
    await expect(desk.bubble(question)).toBeVisible();
    expect(await axe(desk.page)).toEqual([]);
    await desk.close();
  });
});
