import type { Locator } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { listeningCatalogs } from '../../client/i18n/listening-words.ts';
import { socialCatalogs } from '../../client/i18n/social-words.ts';
import { commands } from '../../client/lib/commands.ts';
import { capsOf } from '../../client/lib/hotkeys.ts';
import type { DuplicatePage } from '../../shared/duplicate.ts';
import type { QualityRows } from '../../shared/quality.ts';
import { Agent } from '../agent.ts';
import { until } from '../world.ts';
import { Desk, expect, lineOf, type Stage, sent, setStage, writesLetter } from './desk.ts';
import { posts, quotes } from './listening.looks.ts';

const care = customerCatalogs.en;
const social = socialCatalogs.en;
const heard = listeningCatalogs.en;
let stage: Stage;
let desk: Desk;
/** Oldest first; the list shows them the other way about. */
const questions = ['Question one', 'Question two', 'Question three'];

beforeAll(async () => {
  stage = await setStage();
  desk = await Desk.open({ stage });
  // The oldest: it stands below the others and is nobody's neighbour in what follows.
  await writesLetter(stage, {
    n: 9,
    name: 'Letter Writer',
    subject: 'A letter',
    text: 'The words of the letter\n\nOn Mon, 2 Nov 2026 at 10:00, Somebody <somebody@example.net> wrote:\n> Older words',
    cc: ['boss@example.com'],
  });
  await expect(desk.row('Letter Writer')).toBeVisible();
  const { simulator: whatsapp } = lineOf(stage, 'whatsapp');
  await whatsapp.customerWrites({ peer: whatsapp.peer(78), name: 'Window Writer', text: 'Hello there' });
  await expect(desk.row('Window Writer')).toBeVisible();
  await saysInPublic('Where is the manual?', 'This is the worst service ever, I am very angry.');
  for (const name of ['Eighth', 'Ninth'])
    await stage.world.agent.call('POST', '/api/views', {
      name,
      filter: { status: ['resolved'] },
      sharedWith: 'nobody',
    });
  const { simulator } = lineOf(stage, 'telegram');
  for (const [n, text] of questions.entries()) {
    // A provider tells whole seconds: two messages of one second may stand either way.
    const second = Math.ceil(Date.now() / 1_000) * 1_000;
    await until('the next second', () => Date.now() > second);
    await simulator.customerWrites({ peer: simulator.peer(n + 1), name: `Customer ${n + 1}`, text });
    await expect(desk.row(text)).toBeVisible();
  }
});
afterAll(() => stage?.close());

/** Somebody who speaks in a group, where everybody reads it. */
async function saysInPublic(...texts: string[]): Promise<void> {
  const { simulator } = lineOf(stage, 'telegram');
  const peer = simulator.peer(77);
  await simulator.customerWrites({ peer, name: 'Commenter', text: 'Hello in private' });
  for (const text of texts) {
    const second = Math.ceil(Date.now() / 1_000) * 1_000;
    await until('the next second', () => Date.now() > second);
    await simulator.act({ do: 'group', peer, text, toBot: true });
    await expect(desk.row(text)).toBeVisible();
  }
}

/** The conversation of whoever speaks in public, with the keyboard in its stream. */
async function toComments(): Promise<Locator> {
  await desk.row('Commenter').click();
  const newest = desk.bubble('This is the worst');
  await expect(newest).toBeVisible();
  await desk.timeline.focus();
  return newest;
}

/** How the newest comment was said, by the key of another word for it; then as before. */
async function says(keys: string, label: keyof typeof social.sentiment.labels): Promise<void> {
  const newest = await toComments();
  const mark = newest.locator('[data-sentiment]');
  await expect(mark).toHaveAttribute('data-sentiment', 'negative');
  await key('Shift+k');
  await expect(newest).toBeFocused();
  await key(keys);
  await expect(desk.page.getByText(social.sentiment.corrected(social.sentiment.labels[label]))).toBeVisible();
  await expect(mark).toHaveAttribute('data-sentiment', label);
  await expect(newest).toBeFocused();
  await key('z');
  await expect(mark).toHaveAttribute('data-sentiment', 'negative');
}

let voices = 0;
let ourPost: Promise<string> | undefined;
/** Somebody who is no customer says something that a saved search finds. */
async function speaks(): Promise<void> {
  ourPost ??= stage.world.agent
    .call('POST', '/api/listening/searches', {
      name: 'Elm',
      kind: 'keyword',
      terms: ['elm', 'manual'],
      exclude: [],
      excludeAuthors: [],
      channelIds: 'all',
      alert: false,
    })
    .then(() => posts(stage, 'A post of ours'));
  voices += 1;
  await quotes(stage, { n: 90 + voices, text: `the elm was cut ${voices}`, of: await ourPost });
}

const inStream = () => desk.page.getByRole('feed', { name: heard.stream.list }).getByRole('article');

/** The stream of what nobody has seen to, with the keyboard on the newest. */
async function toStream(): Promise<Locator> {
  await speaks();
  await desk.page.evaluate(() => history.pushState(null, '', '/listening?state=new'));
  const newest = inStream().filter({ hasText: `the elm was cut ${voices}` });
  // Where others stand already, what comes waits to be asked for.
  await newest.or(desk.page.getByRole('button', { name: heard.stream.fresh(1) })).waitFor();
  if (await newest.isHidden()) await key('.');
  await expect(newest).toBeVisible();
  await newest.focus();
  return newest;
}

const visibility = (label: string) => desk.button(label, desk.composer);

const key = (keys: string) => desk.page.keyboard.press(keys);
/** None waits for the one before: after a pause between them they would be keys of their own. */
const sequence = (keys: string) => Promise.all(keys.split(' ').map(key));

/** The keyboard is somewhere: what closes gives it back within a frame, never to the page itself, where it would be lost. */
async function holdsFocus(): Promise<void> {
  await expect
    .poll(() => desk.page.evaluate(() => document.activeElement === document.body), 'the focus was lost')
    .toBe(false);
}

const selected = (text: string) => expect(desk.row(text)).toHaveAttribute('aria-selected', 'true');

/** All conversations, the newest chosen, the keyboard in the list. */
async function begin(): Promise<void> {
  // What a test left open or chosen is not the next one's.
  await key('Escape');
  await key('Escape');
  await key('Escape');
  // By the address, as the page's own links do: without a new document.
  await desk.page.evaluate(() => history.pushState(null, '', '/inbox/all'));
  await expect(desk.page.getByText(desk.t.inbox.nothingOpen)).toBeVisible();
  await expect(desk.row('Customer 3')).toBeVisible();
  await desk.page.evaluate(() => document.getElementById('content')?.focus());
  await key('j');
  await selected('Customer 3');
  await expect(desk.list).toBeFocused();
  await expect(desk.bubble('Question three').first()).toBeVisible();
  await expect(desk.composer.getByRole('button', { name: desk.t.composer.target })).toBeVisible();
}

/** The field of a list that is open over the page. */
const picker = (title: string) =>
  desk.page.getByRole('dialog', { name: title }).getByRole('combobox', { name: title });

const chosen = () => desk.page.getByRole('region', { name: desk.t.bulk.label }).getByRole('paragraph');

/** The open row while others are chosen. */
const selectedNow = (text: string) => expect(desk.row(text)).toHaveAttribute('aria-current', 'true');

async function toLetter(): Promise<void> {
  await desk.row('Letter Writer').click();
  await expect(desk.bubble('The words of the letter')).toBeVisible();
  await expect(desk.composer.getByRole('button', { name: desk.t.letter.edit })).toBeVisible();
  await desk.timeline.focus();
}

/** Somebody else at the same conversation, over the API. */
async function theOther(): Promise<{ colleague: Agent; conversationId: string }> {
  const conversationId = /([\w-]+)$/.exec(new URL(desk.page.url()).pathname)?.[1] ?? '';
  const login = await stage.hire(`Colleague ${Date.now()}`);
  const colleague = new Agent(desk.url);
  await colleague.call('POST', '/api/session', login);
  return { colleague, conversationId };
}

type CommandId = keyof typeof commands;
/** What is done on a board needs one: the journey of the advocates presses these. */
type OfBoard = Extract<CommandId, `board.${string}` | `approvals.${string}`>;
const isOfBoard = (id: string): id is OfBoard => /^(board|approvals)\./.test(id);

/** What each command of the cheat sheet is seen to do, by its keys. */
const deeds: Record<Exclude<CommandId, OfBoard>, (keys: string) => Promise<void>> = {
  'list.next': async (keys) => {
    await key(keys);
    await selected('Customer 2');
    await expect(desk.bubble('Question two').first()).toBeVisible();
  },
  'list.previous': async (keys) => {
    await key('j');
    await selected('Customer 2');
    await key(keys);
    await selected('Customer 3');
  },
  'list.open': async (keys) => {
    await key(keys);
    await expect(desk.timeline).toBeFocused();
  },
  'list.search': async (keys) => {
    await key(keys);
    const dialog = desk.page.getByRole('dialog', { name: desk.t.views.searchLabel });
    await expect(dialog.getByRole('searchbox')).toBeFocused();
    await desk.page.keyboard.insertText('Customer 1');
    await expect(dialog.getByRole('listitem')).toHaveCount(1);
    await key('Enter');
    await expect(dialog).toBeHidden();
    await selected('Customer 1');
  },
  'conversation.reply': async (keys) => {
    await key(keys);
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.textLabel })).toBeFocused();
    await expect(desk.textbox).toHaveValue('');
  },
  'conversation.note': async (keys) => {
    await key(keys);
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.noteLabel })).toBeFocused();
    await expect(desk.textbox).toHaveValue('');
  },
  'conversation.resolve': async (keys) => {
    await key(keys);
    await expect(desk.page.getByText(desk.t.resolve.done)).toBeVisible();
    await selected('Customer 2');
    await holdsFocus();
    await key('z');
    await expect(desk.row('Customer 3').getByText(desk.t.row.status.resolved)).toBeHidden();
  },
  'conversation.snooze': async (keys) => {
    await key(keys);
    await expect(picker(desk.t.snooze.title)).toBeFocused();
    await key('Enter');
    await expect(desk.row('Customer 3').getByRole('img', { name: /^Snoozed until/ })).toBeVisible();
    await holdsFocus();
    await key('z');
    await expect(desk.row('Customer 3').getByRole('img', { name: /^Snoozed until/ })).toBeHidden();
  },
  'conversation.assign': async (keys) => {
    const mine = desk.row('Customer 3').getByRole('img', { name: desk.t.row.assignedTo('Admin Example') });
    await key(keys);
    await expect(picker(desk.t.assign.title)).toBeFocused();
    await desk.page.keyboard.insertText('admin');
    await key('Enter');
    await expect(mine).toBeVisible();
    await key('z');
    await expect(mine).toBeHidden();
  },
  'conversation.team': async (keys) => {
    await key(keys);
    await expect(picker(desk.t.team.title)).toBeFocused();
    await key('Escape');
    await expect(desk.page.getByRole('dialog')).toBeHidden();
    await expect(desk.list).toBeFocused();
  },
  'conversation.tags': async (keys) => {
    await key(keys);
    await expect(picker(desk.t.tags.title)).toBeFocused();
    await desk.page.keyboard.insertText('Late parcel');
    await key('Enter');
    await expect(
      desk.page.getByRole('option', { name: 'Late parcel', exact: true, selected: true }),
    ).toBeVisible();
    await key('Escape');
    await expect(desk.row('Customer 3')).toContainText('Late parcel');
    await key('z');
    await expect(desk.row('Customer 3')).not.toContainText('Late parcel');
  },
  'conversation.priority': async (keys) => {
    const urgent = desk
      .row('Customer 3')
      .getByRole('img', { name: desk.t.priority.mark(desk.t.priority.levels.urgent) });
    await key(keys);
    await expect(picker(desk.t.priority.title)).toBeFocused();
    await key('Enter');
    await expect(urgent).toBeVisible();
    await key('z');
    await expect(urgent).toBeHidden();
  },
  'conversation.strikeMention': async (keys) => {
    const mark = desk.row('Customer 3').getByRole('img', { name: desk.t.mention.mark });
    const { colleague, conversationId } = await theOther();
    await colleague.call('POST', `/api/conversations/${conversationId}/messages`, {
      id: crypto.randomUUID(),
      kind: 'note',
      text: 'Look, @Admin Example',
      fileIds: [],
      lastSeenSeq: 100,
      mentions: [(await stage.world.agent.call<{ id: string }>('GET', '/api/session')).id],
    });
    await expect(mark).toBeVisible();
    await key(keys);
    await expect(mark).toBeHidden();
    await key('z');
    await expect(mark).toBeVisible();
    await key(keys);
    await expect(mark).toBeHidden();
  },
  'conversation.spam': async (keys) => {
    await key(keys);
    await expect(desk.row('Customer 3')).toBeHidden();
    await selected('Customer 2');
    await key('z');
    await expect(desk.row('Customer 3')).toBeVisible();
  },
  'conversation.more': async (keys) => {
    await key(keys);
    const menu = desk.page.getByRole('menu', { name: desk.t.common.more });
    await expect(menu.getByRole('menuitem', { name: desk.t.spam.mark }).first()).toBeVisible();
    await key('Escape');
    await expect(menu).toBeHidden();
    await holdsFocus();
  },
  'conversation.replyAll': async (keys) => {
    await toLetter();
    await key(keys);
    await expect(desk.composer.getByText('boss@example.com')).toBeVisible();
    await desk.button(desk.t.letter.removeAddress('boss@example.com')).click();
    await desk.button(desk.t.letter.fold).click();
    await expect(desk.textbox).toBeFocused();
  },
  'conversation.forward': async (keys) => {
    await toLetter();
    await key(keys);
    await expect(desk.composer.getByRole('textbox', { name: desk.t.letter.forwardTo })).toBeFocused();
    await desk.button(desk.t.letter.stopForward).click();
    await expect(desk.composer.getByRole('textbox', { name: desk.t.letter.forwardTo })).toBeHidden();
  },
  'conversation.whole': async (keys) => {
    await toLetter();
    await key(keys);
    const dialog = desk.page.getByRole('dialog', { name: 'A letter' });
    await expect(dialog).toContainText('Older words');
    await key('Escape');
    await expect(dialog).toBeHidden();
  },
  'list.filter': async (keys) => {
    const bar = desk.page.getByRole('region', { name: desk.t.filter.label });
    await key(keys);
    await expect(bar).toBeVisible();
    await key(keys);
    await expect(bar).toBeHidden();
  },
  'list.select': async (keys) => {
    await key(keys);
    await expect(chosen()).toHaveText(desk.t.bulk.chosen(1));
    await key(keys);
    await expect(chosen()).toBeHidden();
  },
  'list.selectTo': async (keys) => {
    await key('x');
    await key('j');
    await key('j');
    await selectedNow('Customer 1');
    await key(keys);
    await expect(chosen()).toHaveText(desk.t.bulk.chosen(3));
  },
  'list.selectNext': async (keys) => {
    await key(keys);
    await expect(chosen()).toHaveText(desk.t.bulk.chosen(2));
    await selectedNow('Customer 2');
  },
  'list.selectPrevious': async (keys) => {
    await key('j');
    await selected('Customer 2');
    await key(keys);
    await expect(chosen()).toHaveText(desk.t.bulk.chosen(2));
    await selectedNow('Customer 3');
  },
  'list.selectAll': async (keys) => {
    await key(keys);
    await expect(chosen()).toHaveText(desk.t.bulk.chosen(6));
  },
  'conversation.assignToMe': async (keys) => {
    const mine = desk.row('Customer 3').getByRole('img', { name: desk.t.row.assignedTo('Admin Example') });
    await key(keys);
    await expect(mine).toBeVisible();
    await key('z');
    await expect(mine).toBeHidden();
  },
  'conversation.unread': async (keys) => {
    await expect(desk.row('Customer 3').getByText(desk.t.row.unread)).toBeHidden();
    await key(keys);
    await expect(desk.row('Customer 3').getByText(desk.t.row.unread)).toHaveCount(1);
    await expect(desk.page.getByText(desk.t.inbox.nothingOpen)).toBeVisible();
    await expect(desk.list).toBeFocused();
  },
  'conversation.latest': async (keys) => {
    await desk.timeline.evaluate((element) => element.scrollTo({ top: 0 }));
    await key(keys);
    await expect(desk.bubble('Question three')).toBeInViewport();
  },
  'composer.send': async (keys) => {
    await key('r');
    await expect(desk.textbox).toBeFocused();
    await desk.page.keyboard.insertText('An answer by keyboard');
    await key(keys);
    await expect(desk.tick('sent', desk.bubble('An answer by keyboard'))).toBeVisible();
    expect(sent(lineOf(stage, 'telegram'), 'An answer by keyboard')).toHaveLength(1);
    await expect(desk.textbox).toBeFocused();
  },
  'composer.sendAndResolve': async (keys) => {
    await key('r');
    await expect(desk.textbox).toBeFocused();
    await desk.page.keyboard.insertText('The last answer');
    await key(keys);
    await expect(desk.row('Customer 3').getByText(desk.t.row.status.resolved)).toBeVisible();
    await selected('Customer 2');
    await expect(desk.list).toBeFocused();
    await expect.poll(() => sent(lineOf(stage, 'telegram'), 'The last answer').length).toBe(1);
    // As it was, for those who come after.
    await key('k');
    await selected('Customer 3');
    await desk.button(desk.t.resolve.reopen).click();
    await expect(desk.button(desk.t.resolve.button)).toBeVisible();
    await holdsFocus();
  },
  'composer.toReply': async (keys) => {
    await key('n');
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.noteLabel })).toBeFocused();
    await key(keys);
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.textLabel })).toBeFocused();
  },
  'composer.toNote': async (keys) => {
    await key('r');
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.textLabel })).toBeFocused();
    await key(keys);
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.noteLabel })).toBeFocused();
  },
  'composer.leave': async (keys) => {
    await key('r');
    await expect(desk.textbox).toBeFocused();
    await desk.page.keyboard.insertText('Half a thought');
    await key(keys);
    await expect(desk.timeline).toBeFocused();
    await expect(desk.textbox).toHaveValue('Half a thought');
    await key(keys);
    await expect(desk.list).toBeFocused();
    await desk.textbox.fill('');
  },
  'composer.next': async (keys) => {
    await key('r');
    await expect(desk.textbox).toBeFocused();
    await key(keys);
    await selected('Customer 2');
    await expect(desk.bubble('Question two').first()).toBeVisible();
    await expect(desk.textbox).toBeFocused();
  },
  'composer.previous': async (keys) => {
    await key('j');
    await selected('Customer 2');
    await expect(desk.bubble('Question two').first()).toBeVisible();
    await key('r');
    await expect(desk.textbox).toBeFocused();
    await key(keys);
    await selected('Customer 3');
    await expect(desk.bubble('Question three').first()).toBeVisible();
    await expect(desk.textbox).toBeFocused();
  },
  'listening.convert': async (keys) => {
    // Of what is a message already it opens the conversation: one made here would stand above the others from now on.
    await speaks();
    await desk.page.evaluate(() => history.pushState(null, '', '/listening?state=converted'));
    const comment = inStream().filter({ hasText: 'Where is the manual?' });
    await expect(comment).toBeVisible();
    await comment.focus();
    await key(keys);
    await expect(desk.page).toHaveURL(/\/inbox\/all\/./);
    await expect(desk.bubble('Where is the manual?')).toBeVisible();
  },
  'listening.notUs': async (keys) => {
    const first = await toStream();
    await key(keys);
    await expect(desk.page.getByText(heard.said.notUs, { exact: true })).toBeVisible();
    await key('z');
    await expect(first).toBeVisible();
  },
  'listening.done': async (keys) => {
    const first = await toStream();
    await key(keys);
    await expect(desk.page.getByText(heard.said.done, { exact: true })).toBeVisible();
    await key('z');
    await expect(first).toBeVisible();
  },
  'listening.outside': async (keys) => {
    await toStream();
    const opened = desk.context.waitForEvent('page');
    await key(keys);
    await (await opened).close();
  },
  'listening.fresh': async (keys) => {
    await toStream();
    await speaks();
    const fresh = desk.page.getByRole('button', { name: heard.stream.fresh(1) });
    await expect(fresh).toBeVisible();
    await key(keys);
    await expect(fresh).toBeHidden();
    await expect(inStream().first()).toBeFocused();
  },
  'listening.create': async (keys) => {
    await desk.page.evaluate(() => history.pushState(null, '', '/listening/searches'));
    await expect(desk.page.getByRole('heading', { name: heard.area.searches, level: 1 })).toBeVisible();
    await key(keys);
    await expect(desk.page.getByRole('textbox', { name: heard.editor.name })).toBeFocused();
  },
  'go.listening': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/listening$/);
  },
  'panes.views': async (keys) => {
    const views = desk.page.getByRole('navigation', { name: desk.t.views.label });
    await expect(views).toBeVisible();
    await key(keys);
    await expect(views).toBeHidden();
    await key(keys);
    await expect(views).toBeVisible();
  },
  'panes.customer': async (keys) => {
    const customer = desk.page.getByRole('complementary', { name: desk.t.inbox.customer });
    await expect(customer).toBeVisible();
    await key(keys);
    await expect(customer).toBeHidden();
    await key(keys);
    await expect(customer).toBeVisible();
  },
  'panes.customerPage': async (keys) => {
    await key(keys);
    await expect(desk.page).toHaveURL(/\/customers\/\d+$/);
    await expect(desk.page.getByRole('heading', { name: 'Customer 3', level: 1 })).toBeVisible();
  },
  'panes.cycle': async (keys) => {
    const panes = [
      desk.composer,
      desk.page.getByRole('complementary', { name: desk.t.inbox.customer }),
      desk.page.getByRole('navigation', { name: desk.t.rail.label }),
      desk.page.getByRole('navigation', { name: desk.t.views.label }),
      desk.list,
    ];
    await expect(desk.page.getByRole('heading', { name: desk.t.customer.identities })).toBeVisible();
    for (const pane of panes) {
      await key(keys);
      await expect
        .poll(() => pane.evaluate((element) => element.contains(document.activeElement)))
        .toBe(true);
    }
  },
  'go.inbox': async (keys) => {
    await desk.page.evaluate(() => history.pushState(null, '', '/profile'));
    await expect(desk.page.getByRole('heading', { name: desk.t.profile.title })).toBeVisible();
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/inbox\/mine$/);
  },
  'go.customers': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/customers$/);
  },
  'go.advocates': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/advocates$/);
  },
  'go.search': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/search$/);
    await expect(desk.page.getByRole('searchbox')).toBeFocused();
  },
  'customers.create': async (keys) => {
    for (const step of ['g', 'c']) await key(step);
    await expect(desk.page.getByRole('link', { name: 'Customer 1', exact: true })).toBeVisible();
    await key(keys);
    await expect(desk.page.getByRole('dialog').getByRole('textbox').first()).toBeFocused();
    await key('Escape');
    await expect(desk.page.getByRole('dialog')).toBeHidden();
  },
  'customers.merge': async (keys) => {
    await toPerson('Customer 1');
    await key(keys);
    const dialog = desk.page.getByRole('dialog', { name: care.merge.title });
    await expect(dialog.getByRole('searchbox')).toBeFocused();
    await key('Escape');
    await expect(dialog).toBeHidden();
    await toQueue();
    await key(keys);
    await expect(dialog.getByRole('textbox', { name: care.merge.reason })).toBeFocused();
    await key('Escape');
    await expect(dialog).toBeHidden();
  },
  'customers.notSame': async (keys) => {
    await toQueue();
    await key(keys);
    await expect(desk.page.getByText(care.duplicates.notSameDone)).toBeVisible();
    await key('z');
    await expect(desk.page.getByText(care.duplicates.restored)).toBeVisible();
  },
  'customers.skip': async (keys) => {
    const pairs = await toQueue();
    const first = (await pairs.first().textContent()) ?? '';
    await key(keys);
    await expect(pairs.first()).not.toHaveText(first);
    await expect(pairs.last()).toContainText(care.duplicates.skipped);
    await key('z');
    await expect(pairs.first()).toHaveText(first);
  },
  'customers.ignore': async (keys) => {
    await stage.world.agent.call('POST', '/api/customers', { name: '***' });
    await until('the problem', async () => {
      const { rows } = await stage.world.agent.call<QualityRows>('GET', '/api/quality/nameWithoutLetters');
      return rows.length > 0 || undefined;
    });
    await desk.page.evaluate(() =>
      history.pushState(null, '', '/customers/quality?problem=nameWithoutLetters'),
    );
    const row = desk.page.getByRole('link', { name: '***', exact: true });
    await expect(row).toBeVisible();
    await key('j');
    await expect(row).toBeFocused();
    await key(keys);
    await expect(desk.page.getByText(care.quality.ignored('***'))).toBeVisible();
    await expect(row).toBeHidden();
    await key('z');
    await expect(row).toBeVisible();
  },
  'message.previous': async (keys) => {
    const newest = await toComments();
    await key(keys);
    await expect(newest).toBeFocused();
    await key(keys);
    await expect(desk.bubble('Where is the manual?')).toBeFocused();
  },
  'message.next': async (keys) => {
    const newest = await toComments();
    for (const each of ['Shift+k', 'Shift+k']) await key(each);
    await expect(desk.bubble('Where is the manual?')).toBeFocused();
    await key(keys);
    await expect(newest).toBeFocused();
  },
  'message.keep': async (keys) => {
    await toComments();
    await key('Shift+k');
    await key('Shift+k');
    await expect(desk.bubble('Where is the manual?')).toBeFocused();
    await key(keys);
    const dialog = desk.page.getByRole('dialog', { name: care.keep.title });
    await expect(dialog.getByRole('textbox', { name: care.keep.words })).toHaveValue(
      /Where is the manual\?$/,
    );
    await key('Enter');
    await expect(dialog).toBeHidden();
    await expect(desk.page.getByText(care.panels.changed(care.profileField.concerns))).toBeVisible();
    await key('z');
  },
  'message.thread': async (keys) => {
    const newest = await toComments();
    await key('Shift+k');
    await key(keys);
    const thread = desk.page.getByRole('dialog', { name: social.thread.title });
    await expect(thread.getByRole('article', { name: 'Commenter' })).toHaveCount(2);
    await expect(thread.getByRole('article').filter({ hasText: 'This is the worst' })).toBeFocused();
    await key('Escape');
    await expect(thread).toBeHidden();
    await expect(newest).toBeFocused();
  },
  'message.positive': (keys) => says(keys, 'positive'),
  'message.neutral': (keys) => says(keys, 'neutral'),
  'message.negative': (keys) => says(keys, 'negative'),
  'composer.toPrivate': async (keys) => {
    await toComments();
    await expect(visibility(social.visibility.toPublic)).toHaveAttribute('aria-pressed', 'true');
    await key(keys);
    await expect(visibility(social.visibility.toPrivate)).toHaveAttribute('aria-pressed', 'true');
    await expect(desk.composer.getByText(social.visibility.handingOver)).toBeVisible();
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.textLabel })).toBeFocused();
    await key('Alt+Shift+p');
  },
  'composer.toPublic': async (keys) => {
    await toComments();
    await key('Alt+p');
    await expect(visibility(social.visibility.toPrivate)).toHaveAttribute('aria-pressed', 'true');
    await key(keys);
    await expect(visibility(social.visibility.toPublic)).toHaveAttribute('aria-pressed', 'true');
    await expect(desk.page.getByRole('textbox', { name: social.visibility.publicText })).toBeFocused();
    await expect(desk.button(social.visibility.sendPublic, desk.composer)).toBeVisible();
  },
  'composer.template': async (keys) => {
    await desk.row('Window Writer').click();
    await expect(desk.bubble('Hello there').first()).toBeVisible();
    await expect(desk.button(social.window.pick, desk.composer)).toBeVisible();
    await key(keys);
    const dialog = desk.page.getByRole('dialog', { name: social.template.title });
    await expect(dialog.getByRole('combobox', { name: social.template.search })).toBeFocused();
    await key('Escape');
    await expect(dialog).toBeHidden();
    await expect(desk.textbox).toBeFocused();
  },
  'general.logCall': async (keys) => {
    await key(keys);
    const bar = desk.page.getByRole('region', { name: social.call.bar });
    const note = bar.getByRole('textbox', { name: social.call.note });
    await expect(note).toBeFocused();
    await desk.page.keyboard.insertText('About the order');
    await expect(note).toHaveValue('About the order');
    // In a field too, and it leads back to the call that goes on.
    await key('Escape');
    await expect(desk.list).toBeFocused();
    await key('r');
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.textLabel })).toBeFocused();
    await key(keys);
    await expect(note).toBeFocused();
    await desk.button(social.call.discard, bar).click();
    await expect(bar).toBeHidden();
  },
  'go.channels': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/channels/);
  },
  'go.health': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/health$/);
  },
  'go.profile': async (keys) => {
    await sequence(keys);
    await expect(desk.page).toHaveURL(/\/profile$/);
  },
  'view.1': (keys) => toView(keys, 'mine'),
  'view.2': (keys) => toView(keys, 'unassigned'),
  'view.3': (keys) => toView(keys, 'mentions'),
  'view.4': (keys) => toView(keys, 'unread'),
  'view.5': (keys) => toView(keys, 'snoozed'),
  'view.6': async (keys) => {
    await key('1');
    await expect(desk.page).toHaveURL(/\/inbox\/mine$/);
    await toView(keys, 'all');
  },
  'view.7': (keys) => toView(keys, 'spam'),
  'view.8': (keys) => toSaved(keys, 'Eighth'),
  'view.9': (keys) => toSaved(keys, 'Ninth'),
  'general.palette': async (keys) => {
    await key(keys);
    await expect(picker(desk.t.palette.title)).toBeFocused();
    await desk.page.keyboard.insertText(desk.t.commands['conversation.note']);
    await key('Enter');
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.noteLabel })).toBeFocused();
  },
  'general.undo': async (keys) => {
    const mine = desk.row('Customer 3').getByRole('img', { name: desk.t.row.assignedTo('Admin Example') });
    await key('i');
    await expect(mine).toBeVisible();
    await key(keys);
    await expect(mine).toBeHidden();
  },
  'general.cheatSheet': async (keys) => {
    await key(keys);
    const sheet = desk.page.getByRole('dialog', { name: desk.t.cheatSheet.title });
    await expect(sheet).toBeVisible();
    for (const [id, { keys: bound }] of Object.entries(commands)) {
      const line = sheet
        .locator('dl')
        .getByText(desk.t.commands[id as keyof typeof commands], { exact: true })
        .first()
        .locator('..');
      for (const combo of bound)
        for (const cap of capsOf(combo).flat())
          await expect(line.getByText(cap, { exact: true }).first()).toBeVisible();
    }
    await key('Escape');
    await expect(sheet).toBeHidden();
    await expect(desk.list).toBeFocused();
  },
};

async function toPerson(name: string): Promise<void> {
  for (const step of ['g', 'c']) await key(step);
  await desk.page.getByRole('link', { name, exact: true }).focus();
  await key('Enter');
  await expect(desk.page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

/** The queue of duplicates with two pairs in it; resolves with its rows. */
async function toQueue(): Promise<Locator> {
  const { agent } = stage.world;
  const waiting = () => agent.call<DuplicatePage>('GET', '/api/duplicates');
  const pairs = [
    ['Negar Karimi', 'Karimi Negar', '1990-01-02', 'Shiraz'],
    ['Leila Rostami', 'Rostami Leila', '1979-11-30', 'Tabriz'],
  ] as const;
  if ((await waiting()).count === 0)
    for (const [one, two, birthday, city] of pairs)
      for (const name of [one, two])
        await agent.call('POST', '/api/customers', { name, change: { birthday, city } });
  await until('two pairs', async () => (await waiting()).count >= pairs.length || undefined);
  await desk.page.evaluate(() => history.pushState(null, '', '/customers/duplicates'));
  const rows = desk.page.getByRole('list', { name: care.duplicates.list }).getByRole('button');
  await expect(rows.first()).toHaveAttribute('aria-current', 'true');
  await expect(rows).not.toHaveCount(1);
  return rows;
}

async function toView(
  keys: string,
  view: 'mine' | 'unassigned' | 'mentions' | 'unread' | 'snoozed' | 'all' | 'spam',
): Promise<void> {
  await key(keys);
  await expect(desk.page).toHaveURL(new RegExp(`/inbox/${view}$`));
  await expect(desk.page.getByRole('heading', { name: desk.t.views[view], level: 2 })).toBeVisible();
}

async function toSaved(keys: string, name: string): Promise<void> {
  await key(keys);
  await expect(desk.page).toHaveURL(/\/inbox\/saved:/);
  await expect(desk.page.getByRole('heading', { name, level: 2 })).toBeVisible();
}

/** As the browser takes them. */
const pressed = (keys: string) => keys.replace('Mod', 'Control');

describe('every key of the cheat sheet', () => {
  beforeEach(begin);

  const all = Object.entries(commands).flatMap(([id, { keys }]) =>
    isOfBoard(id) ? [] : keys.map((combo) => ({ id: id as Exclude<CommandId, OfBoard>, combo })),
  );
  it.each(all)('$combo: $id', async ({ id, combo }) => {
    await deeds[id](pressed(combo));
    await holdsFocus();
  });
});

describe('a Persian keyboard', () => {
  beforeEach(begin);

  /** The press of a key whose place is that of a Latin letter and which types a Persian one. */
  async function types(code: string, letter: string, shiftKey = false): Promise<void> {
    await desk.page.evaluate(
      ([place, typed, shift]) => {
        const event = new KeyboardEvent('keydown', {
          code: place,
          key: typed,
          shiftKey: shift,
          bubbles: true,
          cancelable: true,
        });
        document.activeElement?.dispatchEvent(event);
      },
      [code, letter, shiftKey] as const,
    );
  }

  it('moves, answers and finds the cheat sheet by the places of the keys', async () => {
    await types('KeyJ', 'ت');
    await selected('Customer 2');
    await types('KeyK', 'ن');
    await selected('Customer 3');
    await expect(desk.bubble('Question three').first()).toBeVisible();
    await types('KeyN', 'د');
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.noteLabel })).toBeFocused();
    await key('Escape');
    await types('KeyR', 'ق');
    await expect(desk.page.getByRole('textbox', { name: desk.t.composer.textLabel })).toBeFocused();
    await key('Escape');
    await types('Slash', '؟', true);
    await expect(desk.page.getByRole('dialog', { name: desk.t.cheatSheet.title })).toBeVisible();
    await key('Escape');
    await types('Digit1', '۱');
    await expect(desk.page).toHaveURL(/\/inbox\/mine$/);
    await types('KeyG', 'ل');
    await types('KeyP', 'ح');
    await expect(desk.page).toHaveURL(/\/profile$/);
  });

  it('leaves letters alone while somebody writes', async () => {
    await key('r');
    await expect(desk.textbox).toBeFocused();
    await types('KeyJ', 'ت');
    await desk.page.keyboard.insertText('تهران');
    await expect(desk.textbox).toHaveValue('تهران');
    await selected('Customer 3');
    await desk.textbox.fill('');
  });
});

it('keys are heard on the button of a menu, where a deed of it leaves the keyboard', async () => {
  await begin();
  await selected('Customer 3');
  await desk.button(desk.t.common.more).focus();
  await key('j');
  await selected('Customer 2');
});

describe('single keys', () => {
  it('are silent when a person has switched them off; the others go on', async () => {
    const choose = async (singleKeys: boolean) => {
      const answer = await desk.context.request.patch(`${desk.url}/api/profile`, {
        data: { preferences: { singleKeys } },
        headers: { origin: desk.url },
      });
      expect(answer.ok()).toBe(true);
    };
    await choose(false);
    await desk.goTo('/inbox/all');
    await expect(desk.row('Customer 3')).toBeVisible();
    await key('j');
    // Heard after it: the letter had its time.
    await key('F6');
    await holdsFocus();
    await expect(desk.page).toHaveURL(/\/inbox\/all$/);
    await expect(desk.page.getByText(desk.t.inbox.nothingOpen)).toBeVisible();
    await choose(true);
  });
});
