import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ channels: ['telegram'] });
});
afterAll(() => stage?.close());

it('stays at the newest message when many arrive at once', async () => {
  const { simulator } = lineOf(stage, 'telegram');
  const peer = simulator.peer(1);
  const desk = await Desk.open({ stage });
  await simulator.customerWrites({ peer, name: 'Sara', text: 'First words' });
  await desk.open('First words');
  await expect(desk.bubble('First words')).toBeVisible();
  for (let n = 1; n <= 25; n += 1) await simulator.customerWrites({ peer, name: 'Sara', text: `More ${n}.` });
  await expect(desk.bubble('More 25.')).toBeInViewport();
  await desk.close();
}, 60_000);

it('a key right after the step to the next conversation is meant for that one', async () => {
  const { simulator } = lineOf(stage, 'telegram');
  const desk = await Desk.open({ stage });
  for (const [n, text] of ['One', 'Other'].entries()) {
    await simulator.customerWrites({ peer: simulator.peer(n + 2), name: 'Omid', text });
    await expect(desk.row(text)).toBeVisible();
  }
  // Both within a second: which one is above is the provider's to say.
  const above = (await desk.list.getByRole('option').first().textContent()) ?? '';
  const [here, next] = above.includes('One') ? ['One', 'Other'] : ['Other', 'One'];
  await desk.open(here);
  await expect(desk.bubble(here)).toBeVisible();
  await desk.textbox.fill('The answer here');
  await desk.textbox.blur();
  // Both keys within one turn of the page: the list has answered the first, the panes have not followed yet.
  await desk.page.evaluate(async () => {
    const press = (key: string, code: string) =>
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }),
      );
    press('j', 'KeyJ');
    await Promise.resolve();
    press('r', 'KeyR');
  });
  await desk.page.keyboard.insertText('The answer there');
  await expect(desk.bubble(next)).toBeVisible();
  await expect(desk.textbox).toBeFocused();
  await expect(desk.textbox).toHaveValue('The answer there');
  await desk.page.goBack();
  await expect(desk.bubble(here)).toBeVisible();
  await expect(desk.textbox).toHaveValue('The answer here');
  // Who goes on from within the text writes on in the next one.
  await desk.textbox.focus();
  await desk.page.keyboard.press('Alt+ArrowDown');
  await desk.page.keyboard.type('more');
  await expect(desk.bubble(next)).toBeVisible();
  await expect(desk.textbox).toHaveValue(/more/);
  await desk.page.goBack();
  await expect(desk.bubble(here)).toBeVisible();
  await expect(desk.textbox).toHaveValue('The answer here');
  await desk.close();
});
