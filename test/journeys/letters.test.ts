import { afterAll, beforeAll, expect as equals, it } from 'vitest';
import { axe } from './browser.ts';
import { Desk, expect, mailOf, type Stage, setStage, writesLetter } from './desk.ts';

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['email'] });
  await writesLetter(stage, {
    n: 1,
    name: 'Sara Ahmadi',
    subject: 'My order',
    text: 'Where is it?\n\nOn Mon, 2 Nov 2026 at 10:00, Shop <shop@example.net> wrote:\n> We sent it',
    html: '<p>Where is <b>it</b>?</p><script>parent.document.title = "owned"</script><img src="http://127.0.0.1:9/pixel.gif"><blockquote>We sent it</blockquote>',
    cc: ['boss@example.com'],
  });
  desk = await Desk.open({ stage });
  await desk.open('Sara Ahmadi');
});
afterAll(() => stage?.close());

const newest = () => mailOf(stage).taken().at(-1);
/** The mail as it left, and the addresses it left for. */
const raw = (mail: ReturnType<typeof newest>) => (mail ? `${mail.raw.toString()} ${mail.to.join(' ')}` : '');

it('says what it is about, who sent it, and how far that is proven', async () => {
  const { t } = desk;
  const letter = desk.bubble('Where is it?');
  await expect(letter).toContainText('My order');
  await expect(letter.getByRole('button', { name: t.letter.check.none })).toBeVisible();
  await expect(letter).not.toContainText('We sent it');
  await expect(desk.composer.getByRole('button', { name: t.letter.edit })).toContainText('Re: My order');
  await letter.getByRole('button', { name: t.letter.details }).click();
  await expect(letter).toContainText('boss@example.com');
  equals(await axe(desk.page)).toEqual([]);
});

it('is shown whole in a frame that runs nothing and fetches nothing', async () => {
  const { page, t } = desk;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await desk.timeline.focus();
  await page.keyboard.press('v');
  const frame = page.frameLocator(`iframe[title="${t.letter.wholeTitle}"]`);
  await expect(frame.locator('b')).toHaveText('it');
  await expect(frame.locator('body')).toContainText('We sent it');
  equals(await page.title()).not.toBe('owned');
  equals(asked.filter((url) => url.includes('pixel.gif'))).toEqual([]);
  await desk.button(t.letter.showImages).click();
  await expect.poll(() => asked.filter((url) => url.includes('pixel.gif')).length).toBe(1);
  await page.getByRole('dialog').getByText(t.letter.plain).click();
  await expect(page.getByRole('dialog')).toContainText('We sent it');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

it('is answered with copies to all, which stay in the draft, and keeps its thread', async () => {
  const { page, t } = desk;
  await desk.timeline.focus();
  await page.keyboard.press('Shift+R');
  await expect(desk.composer.getByText('boss@example.com')).toBeVisible();
  const bcc = desk.composer.getByRole('textbox', { name: t.letter.bcc });
  await bcc.fill('archive@example, nobody');
  await page.keyboard.press('Enter');
  await expect(desk.composer.getByRole('alert')).toContainText('archive@example');
  await bcc.fill('archive@example.com');
  await page.keyboard.press('Enter');
  await desk.textbox.last().fill('It is on its way.');
  await expect(desk.composer.getByText(t.composer.draftSaved)).toBeVisible();
  await page.reload();
  await expect(desk.composer.getByRole('button', { name: t.letter.edit })).toContainText(
    t.letter.recipients(2),
  );
  await desk.textbox.last().focus();
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => raw(newest())).toContain('It is on its way.');
  const mail = raw(newest());
  equals(mail).toContain('Re: My order');
  equals(mail).toContain('boss@example.com');
  equals(mail).toContain('archive@example.com');
});

it('is passed on to somebody else', async () => {
  const { page, t } = desk;
  const letter = desk.bubble('Where is it?');
  await letter.hover();
  await letter.getByRole('button', { name: t.timeline.messageMenu }).click();
  await page.getByRole('menuitem', { name: t.letter.forward }).click();
  const to = desk.composer.getByRole('textbox', { name: t.letter.forwardTo });
  await expect(to).toBeFocused();
  await expect(desk.composer.getByRole('textbox', { name: t.letter.subject })).toHaveAttribute(
    'placeholder',
    'Fwd: My order',
  );
  // What is lacking is said once it was tried.
  await expect(desk.composer.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await page.keyboard.press('/');
  await expect(desk.textbox.last()).toHaveValue('/');
  await desk.textbox.last().fill('');
  await page.keyboard.press('Control+Enter');
  await expect(desk.composer.getByRole('alert')).toContainText(t.letter.needsRecipient);
  await expect(to).toBeFocused();
  await to.fill('warehouse@example.com');
  await page.keyboard.press('Enter');
  await desk.button(t.composer.send).click();
  await expect.poll(() => raw(newest())).toContain('warehouse@example.com');
  await expect(desk.timeline.getByText(t.letter.forwarded)).toBeVisible();
  equals(desk.complaints.filter((line) => !line.includes('pixel'))).toEqual([]);
});
