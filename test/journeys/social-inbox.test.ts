import type { Route } from '@playwright/test';
import { afterAll, beforeAll, it, expect as sure } from 'vitest';
import { socialCatalogs } from '../../client/i18n/social-words.ts';
import { axe } from './browser.ts';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

const w = socialCatalogs.en;
let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage();
  desk = await Desk.open({ stage });
});
afterAll(() => stage?.close());

const telegram = () => lineOf(stage, 'telegram');

/** A person says something in a group of customers, to us. */
async function saysInPublic(n: number, text: string): Promise<void> {
  const { simulator } = telegram();
  await simulator.act({ do: 'group', peer: simulator.peer(n), text, toBot: true });
}

/** They write to us alone; from then on they have a name here. */
async function meets(n: number, name: string, text: string): Promise<void> {
  const { simulator } = telegram();
  await simulator.customerWrites({ peer: simulator.peer(n), name, text });
  await expect(desk.row(text)).toBeVisible();
}

const way = (label: string) => desk.button(label, desk.composer);
const isChosen = (label: string) => expect(way(label)).toHaveAttribute('aria-pressed', 'true');

it('answers a public word in public, under its post, where all the others are', async () => {
  await meets(1, 'Sara Ahmadi', 'Hello in private');
  await meets(2, 'Nima Karimi', 'Me too');
  await saysInPublic(1, 'When does my order come?');
  await desk.open('When does my order come?');
  const said = desk.bubble('When does my order come?');
  await expect(said.getByText(w.visibility.public, { exact: true })).toBeVisible();
  const card = desk.timeline.locator('[data-post]');
  await expect(card).toHaveCount(1);
  await expect(card.getByRole('button', { name: w.post.open })).toBeVisible();
  // What was said to us alone carries no such mark.
  await expect(desk.bubble('Hello in private').getByText(w.visibility.public, { exact: true })).toBeHidden();

  await isChosen(w.visibility.toPublic);
  await expect(desk.button(w.visibility.sendPublic, desk.composer)).toBeVisible();
  await desk.answer('It leaves tomorrow.');
  const reply = desk.bubble('It leaves tomorrow.');
  await expect(desk.tick('sent', reply)).toBeVisible();
  await expect(reply.getByText(w.visibility.public, { exact: true })).toBeVisible();
  const [left] = sent(telegram(), 'It leaves tomorrow.');
  sure(left?.peer).toMatch(/^-/);

  // The thread, as everybody there sees it, and as it goes on.
  await desk.timeline.focus();
  await desk.page.keyboard.press('w');
  const thread = desk.page.getByRole('dialog', { name: w.thread.title });
  await expect(thread.getByRole('article').filter({ hasText: 'When does my order come?' })).toContainText(
    w.thread.theirs,
  );
  await expect(thread.getByRole('article').filter({ hasText: 'It leaves tomorrow.' })).toContainText(
    w.thread.ours,
  );
  await saysInPublic(2, 'I wait as well!');
  const other = thread.getByRole('article').filter({ hasText: 'I wait as well!' });
  await expect(other).toBeVisible();
  sure(await axe(desk.page)).toEqual([]);
  await other.focus();
  await desk.page.keyboard.press('Enter');
  await expect(thread).toBeHidden();
  await expect(desk.page.getByRole('heading', { name: 'Nima Karimi', level: 2 }).first()).toBeVisible();
});

it('hands a public word over to private with one key', async () => {
  await saysInPublic(1, 'My number is wrong in your list.');
  await desk.open('My number is wrong');
  await isChosen(w.visibility.toPublic);
  await desk.page.keyboard.press('Alt+p');
  await isChosen(w.visibility.toPrivate);
  await expect(desk.composer.getByText(w.visibility.handingOver)).toBeVisible();
  await expect(desk.textbox).toBeFocused();
  await desk.page.keyboard.insertText('Tell me the right one here.');
  await desk.page.keyboard.press('Control+Enter');
  const reply = desk.bubble('Tell me the right one here.');
  await expect(desk.tick('sent', reply)).toBeVisible();
  await expect(reply.getByText(w.visibility.public, { exact: true })).toBeHidden();
  await expect(desk.timeline.getByText(desk.t.event.handedOver('Admin Example'))).toBeVisible();
  const [left] = sent(telegram(), 'Tell me the right one here.');
  sure(left?.peer).toBe(telegram().simulator.peer(1));
});

it('answers in public whoever nothing private reaches, and says why', async () => {
  // In the group alone: they never wrote to the bot.
  await saysInPublic(5, 'Is the blue one back?');
  await desk.open('Is the blue one back?');
  await desk.page.keyboard.press('Alt+p');
  await isChosen(w.visibility.toPrivate);
  await expect(desk.textbox).toBeFocused();
  await desk.page.keyboard.insertText('Your address, please?');
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.tick('failed', desk.bubble('Your address, please?'))).toBeVisible();
  const why = desk.composer.locator('[data-no-private]');
  await expect(why).toContainText(w.visibility.noPrivate.unreachable);
  await expect(why).toContainText(w.visibility.onlyPublic);
  // What was chosen to be private stays so and does not leave, until the agent says otherwise.
  await desk.page.keyboard.insertText('Please write to our bot.');
  await isChosen(w.visibility.toPrivate);
  await expect(desk.button(desk.t.composer.send, desk.composer)).toBeDisabled();
  sure(await axe(desk.page)).toEqual([]);
  await desk.page.keyboard.press('Alt+Shift+p');
  await expect(desk.composer.getByText(w.visibility.publicLong)).toBeVisible();
  await desk.page.keyboard.press('Alt+p');
  await expect(
    desk.page.getByText(w.visibility.noPrivate.unreachable, { exact: true }).first(),
  ).toBeVisible();
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.tick('sent', desk.bubble('Please write to our bot.'))).toBeVisible();
  sure(sent(telegram(), 'Please write to our bot.')[0]?.peer).toMatch(/^-/);
});

it('never makes public what was begun in private', async () => {
  await meets(3, 'Mina Rad', 'A secret question');
  await desk.open('A secret question');
  await desk.page.keyboard.press('r');
  await expect(desk.textbox).toBeFocused();
  await desk.page.keyboard.insertText('A secret answer');
  await saysInPublic(3, 'And something for all');
  await expect(desk.bubble('And something for all')).toBeVisible();
  await isChosen(w.visibility.toPrivate);
  await expect(desk.button(w.visibility.sendPublic, desk.composer)).toBeHidden();
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.tick('sent', desk.bubble('A secret answer'))).toBeVisible();
  const [left] = sent(telegram(), 'A secret answer');
  sure(left?.peer).toBe(telegram().simulator.peer(3));
  // With nothing begun the answer goes as they wrote last.
  await isChosen(w.visibility.toPublic);
});

it('says how a message was said, why, and is told better', async () => {
  await meets(4, 'Reza Nouri', 'This is the worst service ever, I am very angry.');
  await desk.open('This is the worst');
  const bubble = desk.bubble('This is the worst').first();
  const mark = bubble.locator('[data-sentiment]');
  await expect(mark).toHaveAttribute('data-sentiment', 'negative');
  await expect(desk.row('Reza Nouri').getByRole('img', { name: desk.t.row.negative })).toBeVisible();
  await mark.click();
  const details = desk.page.getByRole('dialog', { name: w.sentiment.label });
  await expect(details).toContainText(w.sentiment.confidence);
  await expect(bubble.locator('mark').filter({ hasText: 'worst' })).toBeVisible();
  sure(await axe(desk.page)).toEqual([]);
  // The screen knows over the socket before the answer to whoever did it has come: undo means this deed already then.
  let press = (): void => undefined;
  const pressed = new Promise<void>((resolve) => {
    press = resolve;
  });
  const held = async (route: Route) => {
    const response = await route.fetch();
    await pressed;
    await route.fulfill({ response });
  };
  await desk.page.route('**/sentiment', held, { times: 1 });
  await desk.page.keyboard.press('1');
  await expect(details).toBeHidden();
  await expect(mark).toHaveAttribute('data-sentiment', 'positive');
  await expect(mark).toBeFocused();
  await expect(desk.row('Reza Nouri').getByRole('img', { name: desk.t.row.negative })).toBeHidden();
  await desk.page.keyboard.press('z');
  press();
  await expect(mark).toHaveAttribute('data-sentiment', 'negative');
});

/** A tenth of a second of nothing, as a sound. */
function silence(): Uint8Array {
  const rate = 8_000;
  const body = Buffer.alloc(44 + rate / 10, 128);
  body.write('RIFF', 0);
  body.writeUInt32LE(body.length - 8, 4);
  body.write('WAVEfmt ', 8);
  for (const [at, value, bytes] of [
    [16, 16, 4],
    [20, 1, 2],
    [22, 1, 2],
    [24, rate, 4],
    [28, rate, 4],
    [32, 1, 2],
    [34, 8, 2],
  ] as const)
    body.writeUIntLE(value, at, bytes);
  body.write('data', 36);
  body.writeUInt32LE(body.length - 44, 40);
  return new Uint8Array(body);
}

it('shows calls: missed ones stand out, recordings are played', async () => {
  const { simulator } = lineOf(stage, 'phone');
  const peer = simulator.peer(7);
  await simulator.act({ do: 'call', peer });
  await expect(desk.row(desk.t.row.call)).toBeVisible();
  await desk.open(desk.t.row.call);
  await expect(desk.timeline.getByRole('article', { name: w.call.kinds.missed })).toContainText(
    w.call.callBack,
  );
  await simulator.act({ do: 'call', peer, talked: 65, recording: silence(), text: 'Asked for the price' });
  const call = desk.timeline.getByRole('article', { name: w.call.kinds.in });
  await expect(call).toContainText('Asked for the price');
  await expect(call).toContainText(w.call.talked('1 min 5 s'));
  const player = call.getByRole('slider', { name: w.call.recording });
  await expect(player).toBeVisible();
  const heard = desk.page.waitForResponse(/\/recording$/);
  await desk.button(desk.t.timeline.play, call).click();
  sure((await heard).ok()).toBe(true);
  sure(await axe(desk.page)).toEqual([]);
});

it('writes a call down in two strokes, from anywhere', async () => {
  await desk.open('Sara Ahmadi');
  await desk.page.keyboard.press('Alt+c');
  const bar = desk.page.getByRole('region', { name: w.call.bar });
  await expect(bar.getByRole('textbox', { name: w.call.note })).toBeFocused();
  await desk.page.keyboard.insertText('Wants it before Friday');
  // What is looked at meanwhile does not end it, nor does a reload.
  await desk.row('Nima Karimi').click();
  await expect(bar).toContainText('Sara Ahmadi');
  await desk.page.reload();
  await expect(bar.getByRole('textbox', { name: w.call.note })).toHaveValue('Wants it before Friday');
  sure(await axe(desk.page)).toEqual([]);
  await bar.getByRole('textbox', { name: w.call.note }).focus();
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.page.getByText(w.call.savedOf('Sara Ahmadi'))).toBeVisible();
  await expect(bar).toBeHidden();
  await desk.row('Sara Ahmadi').click();
  const entry = desk.timeline.getByRole('article', { name: w.call.kinds.in });
  await expect(entry).toContainText('Wants it before Friday');
  await expect(entry).toContainText(w.call.logged);

  // A number that nobody has here yet, from a page that is about nobody.
  await desk.goTo('/profile');
  await desk.page.keyboard.press('Alt+c');
  await expect(bar.getByRole('textbox', { name: w.call.number })).toBeFocused();
  await desk.page.keyboard.insertText('0912 555 6677');
  await expect(bar).toContainText(w.call.unknown);
  await desk.page.keyboard.press('Control+Enter');
  await expect(bar).toBeHidden();
  await desk.page.getByRole('button', { name: w.call.openConversation }).click();
  await expect(desk.timeline.getByRole('article', { name: w.call.kinds.in })).toContainText('+989125556677');
});

it('says how long one may answer freely, before anything is typed', async () => {
  const { simulator } = lineOf(stage, 'messenger');
  await simulator.customerWrites({ peer: simulator.peer(1), name: 'Window Writer', text: 'Is it there?' });
  await desk.goTo('/inbox/all');
  await desk.open('Is it there?');
  const line = desk.composer.getByRole('region', { name: w.window.label });
  await expect(line).toHaveAttribute('data-window', 'open');
  await expect(line).toContainText('23 h 59 min');
});

it('writes with an approved template', async () => {
  const { simulator } = lineOf(stage, 'whatsapp');
  await simulator.customerWrites({ peer: simulator.peer(1), name: 'Template Reader', text: 'Any news?' });
  await expect(desk.row('Any news?')).toBeVisible();
  await desk.open('Any news?');
  await expect(desk.button(w.window.pick, desk.composer)).toBeVisible();
  await desk.page.keyboard.press('Alt+t');
  const dialog = desk.page.getByRole('dialog');
  await expect(dialog.getByRole('combobox', { name: w.template.search })).toBeFocused();
  await desk.page.keyboard.insertText('hello');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await desk.page.keyboard.press('Enter');
  const first = dialog.getByRole('textbox', { name: w.template.value(1) });
  await expect(first).toBeFocused();
  await desk.page.keyboard.insertText('Sara');
  // What is missing is said, and has the keyboard.
  await desk.page.keyboard.press('Control+Enter');
  await expect(dialog.getByRole('textbox', { name: w.template.value(2) })).toBeFocused();
  await expect(dialog).toContainText(w.template.missing);
  sure(await axe(desk.page)).toEqual([]);
  await desk.page.keyboard.insertText('your order');
  await expect(dialog.getByRole('region', { name: w.template.preview })).toContainText(
    'Dear Sara, Sara! May we help with your order?',
  );
  await desk.page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  const reply = desk.bubble('May we help with your order?');
  await expect(reply).toContainText(w.template.sent);
  await expect(desk.tick('sent', reply).or(desk.tick('delivered', reply))).toBeVisible();
  await expect(desk.textbox).toBeFocused();
});

it.each([
  ['Persian, light, on a phone', { language: 'fa', theme: 'light' }, 390],
  ['English, dark', { language: 'en', theme: 'dark' }, 1280],
] as const)('has nothing that axe objects to in %s', async (_, { language, theme }, width) => {
  const other = await Desk.open({ stage, preferences: { language, theme }, width, height: 844 });
  const words = socialCatalogs[language];
  await other.row('Mina Rad').click();
  await expect(other.timeline.locator('[data-post]')).toContainText(words.post.open);
  await expect(other.button(words.visibility.toPublic, other.composer)).toBeVisible();
  sure(await axe(other.page)).toEqual([]);
  await other.timeline.focus();
  await other.page.keyboard.press('w');
  await expect(other.page.getByRole('dialog').getByRole('article').first()).toBeVisible();
  sure(await axe(other.page)).toEqual([]);
  await other.page.keyboard.press('Escape');
  await other.page.goto(`${other.url}/inbox/all`);
  await other.row(lineOf(stage, 'phone').simulator.peer(7)).click();
  await expect(other.timeline.getByRole('article', { name: words.call.kinds.missed })).toBeVisible();
  sure(await axe(other.page)).toEqual([]);
  sure(other.complaints).toEqual([]);
  await other.close();
});

it('had nothing to complain of', () => sure(desk.complaints).toEqual([]));
