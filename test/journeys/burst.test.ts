import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

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

it('what is sent before the channels are known leaves as soon as they are', async () => {
  const line = lineOf(stage, 'telegram');
  const peer = line.simulator.peer(4);
  const desk = await Desk.open({ stage });
  await line.simulator.customerWrites({ peer, name: 'Tara', text: 'Are you there?' });
  await expect(desk.row('Are you there?')).toBeVisible();
  // The channels come with the socket, and that comes late.
  let connect = () => {};
  const late = new Promise<void>((resolve) => {
    connect = resolve;
  });
  await desk.page.routeWebSocket(/socket\.io/, async (socket) => {
    await late;
    socket.connectToServer();
  });
  await desk.page.reload();
  await desk.open('Are you there?');
  await desk.answer('Yes, always.');
  await expect(desk.textbox).toHaveValue('Yes, always.');
  await expect(desk.button(desk.t.composer.sendMenu, desk.composer)).toBeDisabled();
  await expect(desk.textbox).toHaveValue('Yes, always.');
  connect();
  await expect(desk.tick('sent', desk.bubble('Yes, always.'))).toBeVisible();
  await expect(desk.textbox).toHaveValue('');
  expect(sent(line, 'Yes, always.')).toHaveLength(1);
  await desk.close();
});
