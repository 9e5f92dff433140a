import { afterAll, beforeAll, expect as equals, it } from 'vitest';
import { Desk, expect, type Stage, setStage, writesLetter } from './desk.ts';

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['email'] });
  desk = await Desk.open({ stage });
  await writesLetter(stage, { n: 1, name: 'Sara Ahmadi', subject: 'An invoice', text: 'About the invoice.' });
  await expect(desk.row('Sara Ahmadi')).toBeVisible();
  await writesLetter(stage, { n: 1, name: 'Sara Ahmadi', subject: 'A complaint', text: 'About the noise.' });
  await desk.open('Sara Ahmadi');
  await expect(desk.bubble('About the noise.')).toBeVisible();
});
afterAll(() => stage?.close());

it('a thread becomes a case of its own, and comes back', async () => {
  const { page, t } = desk;
  const noise = desk.bubble('About the noise.');
  // The list knows before the messages do how many cases there are: until then the menu has no such item.
  const fromMenu = () =>
    expect(async () => {
      await page.keyboard.press('Escape');
      await noise.hover({ timeout: 2_000 });
      await noise.getByRole('button', { name: t.timeline.messageMenu }).click({ timeout: 2_000 });
      await page.getByRole('menuitem', { name: t.split.thread }).click({ timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
  await fromMenu();
  await expect(desk.list.getByRole('option')).toHaveCount(2);
  await expect(noise).toHaveCount(1);
  await desk.button(t.common.undo).click();
  await expect(desk.list.getByRole('option', { name: /About the/ })).toHaveCount(1);

  await fromMenu();
  await desk.button(t.split.open).click();
  await expect(page.getByRole('button', { name: t.split.from })).toBeVisible();
  // What comes in the same thread comes to the new case.
  await page.getByRole('button', { name: t.split.from }).click();
  await expect(page.getByText(t.split.broughtBack)).toBeVisible();
  await expect(desk.bubble('About the invoice.')).toBeVisible();
  await expect(noise).toHaveCount(1);
  equals(desk.complaints).toEqual([]);
});

it('spam leaves the list and is told apart from blocking its sender; both come back', async () => {
  const { page, t } = desk;
  await desk.goTo('/inbox/all');
  await expect(desk.row('Sara Ahmadi')).toHaveCount(1);
  await desk.open('Sara Ahmadi');
  await desk.button(t.common.more).click();
  await page.getByRole('menuitem', { name: t.spam.markAndBlock }).click();
  await expect(page.getByText(t.spam.doneAndBlocked)).toBeVisible();
  await page.getByRole('link', { name: t.views.spam }).click();
  await expect(desk.row('Sara Ahmadi')).toHaveCount(1);
  await desk.open('Sara Ahmadi');
  await desk.button(t.spam.restore).click();
  await expect(page.getByText(t.spam.restored)).toBeVisible();
  // Beside its name stands how many it holds.
  await page
    .getByRole('link', { name: new RegExp(`^${t.views.all}`) })
    .first()
    .click();
  await expect(desk.row('Sara Ahmadi')).toHaveCount(1);
  await desk.open('Sara Ahmadi');

  // One address is blocked, and let again, in the customer's panel.
  const panel = page.getByRole('complementary', { name: t.inbox.customer });
  const line = panel.getByRole('listitem').filter({ hasText: /@example\.com/ });
  await line.getByRole('button', { name: /^Block/ }).focus();
  await page.keyboard.press('Enter');
  await expect(line).toContainText(t.spam.blockedMark);
  await desk.timeline.focus();
  await page.keyboard.press('z');
  await expect(line).not.toContainText(t.spam.blockedMark);
  await line.getByRole('button', { name: /^Block/ }).click();
  await line.getByRole('button', { name: /^Unblock/ }).click();
  await expect(line).not.toContainText(t.spam.blockedMark);
  equals(desk.complaints).toEqual([]);
});
