import { afterAll, beforeAll, expect as equals, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['telegram'] });
  const { simulator } = lineOf(stage, 'telegram');
  await simulator.customerWrites({ peer: simulator.peer(1), name: 'سارا احمدی', text: 'سلام' });
  for (const reply of [
    {
      title: 'سلام و معرفی',
      shortcut: 'سلام',
      text: 'سلام {{customer.name|دوست عزیز}}، {{agent.name}} هستم.',
    },
    { title: 'پی‌گیری', shortcut: '', text: 'مرسولهٔ شما تا {{today}} می‌رسد.' },
    { title: 'Where it is', shortcut: 'where', text: 'It is with {{organisation.name}}.' },
  ])
    await stage.world.agent.call('POST', '/api/canned', {
      folder: ['عمومی'],
      sharedWith: 'everyone',
      ...reply,
    });
  desk = await Desk.open({ stage, preferences: { language: 'fa', calendar: 'jalali' } });
  await desk.open('سارا');
});
afterAll(() => stage?.close());

const sheet = () => desk.page.getByRole('region', { name: desk.t.canned.title });

it('is found by Arabic letters and without half-spaces, filled in, and taken back by the field’s own undo', async () => {
  const { page } = desk;
  await page.keyboard.press('r');
  await expect(desk.textbox).toBeFocused();
  await page.keyboard.insertText('درود ');
  await page.keyboard.insertText('/پيگيري');
  await expect(sheet().getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(sheet()).toBeHidden();
  await expect(desk.textbox).toBeFocused();
  await desk.textbox.fill('');
  await page.keyboard.insertText('/سلام');
  await expect(sheet().getByRole('option').first()).toContainText('سلام و معرفی');
  await expect(sheet()).toContainText('سلام سارا احمدی، Admin Example هستم.');
  await page.keyboard.press('Enter');
  await expect(desk.textbox).toHaveValue('سلام سارا احمدی، Admin Example هستم.');
  await page.keyboard.press('Control+z');
  await expect(desk.textbox).toHaveValue('/سلام');
  await page.keyboard.press('Control+Shift+z');
  await expect(desk.textbox).toHaveValue('سلام سارا احمدی، Admin Example هستم.');
  await expect(sheet()).toBeHidden();
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(() => sent(lineOf(stage, 'telegram'), 'سلام سارا احمدی، Admin Example هستم.').length)
    .toBe(1);
});

it('the one used last stands first, and the palette inserts one too', async () => {
  const { page, t } = desk;
  await page.reload();
  await expect(desk.textbox).toBeVisible();
  await desk.textbox.focus();
  await page.keyboard.insertText('/');
  await expect(sheet().getByRole('option').first()).toContainText('سلام و معرفی');
  await page.keyboard.press('Escape');
  await desk.textbox.fill('');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: t.palette.title }).fill('where it is');
  await page.keyboard.press('Enter');
  await expect(desk.textbox).toHaveValue('It is with Example Shop.');
  await expect(desk.textbox).toBeFocused();
  equals(desk.complaints).toEqual([]);
});
