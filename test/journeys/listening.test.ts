import { afterAll, beforeAll, it } from 'vitest';
import { listeningCatalogs } from '../../client/i18n/listening-words.ts';
import { socialCatalogs } from '../../client/i18n/social-words.ts';
import type { SearchPreview } from '../../shared/listening.ts';
import { until } from '../world.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';
import { posts, quotes } from './listening.looks.ts';

const w = listeningCatalogs.en;
const minute = 60_000;
let stage: Stage;
let desk: Desk;
let post: string;
beforeAll(async () => {
  stage = await setStage();
  post = await posts(stage, 'The autumn sale of our shop begins.');
  desk = await Desk.open({ stage });
}, minute);
afterAll(async () => {
  await desk?.close();
  await stage?.close();
});

let people = 10;
const says = (text: string, name = `Person ${people}`) => {
  people += 1;
  return quotes(stage, { n: people, text, of: post, name, followers: people * 100 });
};
/** What a search for these words would find. */
const found = (terms: string[]) =>
  stage.world.agent.call<SearchPreview>('POST', '/api/listening/searches/preview', {
    name: 'Any',
    kind: 'keyword',
    terms,
    exclude: [],
    excludeAuthors: [],
    channelIds: 'all',
    alert: false,
  });
const key = (keys: string) => desk.page.keyboard.press(keys);
const feed = () => desk.page.getByRole('feed', { name: w.stream.list });
const hit = (text: string) => feed().getByRole('article').filter({ hasText: text });
const toast = (text: string) => desk.page.getByText(text, { exact: true });

it(
  'the first search is suggested by the name of the organisation, and counts while it is written',
  async () => {
    const { page } = desk;
    await says('Example Shop sent it in a day');
    await says('an elm table stands in my room');
    await until('what was said', async () => (await found(['Example Shop', 'elm table'])).count === 2);
    await key('g');
    await key('l');
    await expect(page).toHaveURL(/\/listening$/);
    const first = page.getByRole('link', { name: w.stream.makeFirst('Example Shop') });
    await first.press('Enter');
    await expect(page.getByRole('textbox', { name: w.editor.name })).toHaveValue('Example Shop');
    const preview = page.getByRole('region', { name: w.editor.preview });
    const terms = page.getByRole('textbox', { name: w.editor.terms, exact: true });
    await expect(terms).toBeFocused();
    await expect(preview.getByText(w.editor.previewCount('1'))).toBeVisible();
    await page.keyboard.insertText('elm table');
    await expect(preview.getByText(w.editor.previewCount('2'))).toBeVisible();
    await expect(preview.locator('mark', { hasText: 'elm table' })).toBeVisible();
    await key('Enter');
    await expect(page.getByRole('button', { name: w.editor.removeTerm('elm table') })).toBeVisible();
    await desk.button(desk.t.common.save).press('Enter');
    await expect(page).toHaveURL(/\/listening\?search=/);
    await expect(hit('Example Shop sent it')).toBeVisible();
    await expect(hit('an elm table stands').locator('mark')).toHaveText('elm table');
  },
  2 * minute,
);

it(
  'what is said comes when it is asked for, and is relabelled, done with and taught away by the keyboard',
  async () => {
    const { page } = desk;
    await desk.goTo('/listening');
    await expect(hit('an elm table stands')).toBeVisible();
    await key('j');
    await expect(feed().getByRole('article').first()).toBeFocused();
    await says('Example Shop keeps my money, terrible', 'Ann Angry');
    const pill = desk.page.getByRole('button', { name: w.stream.fresh(1) });
    await expect(pill).toBeVisible();
    // Nothing moved under the hand.
    await expect(feed().getByRole('article').first()).toContainText('an elm table stands');
    await expect(feed().getByRole('article').first()).toBeFocused();
    await key('.');
    const angry = hit('Example Shop keeps my money');
    await expect(angry).toBeFocused();
    await expect(pill).toBeHidden();

    await key('1');
    const marked = (label: 'positive' | 'negative') => angry.locator(`[data-sentiment="${label}"]`);
    await expect(marked('positive')).toBeVisible();
    await expect(toast(w.said.relabelled(w.feelings.positive))).toBeVisible();
    await key('z');
    await expect(marked('negative')).toBeVisible();
    await key('d');
    await expect(angry.getByText(w.state.done, { exact: true })).toBeVisible();
    await key('z');
    await expect(angry.getByText(w.state.done, { exact: true })).toBeHidden();

    await key('n');
    await expect(angry).toBeHidden();
    // The keyboard is on what came to its place.
    await expect(feed().getByRole('article').first()).toBeFocused();
    await desk.goTo('/listening?state=notUs');
    await expect(angry).toBeVisible();
    await key('j');
    await key('n');
    await expect(page.getByText(w.stream.emptyTitle)).toBeVisible();
    await desk.goTo('/listening');
    await expect(angry).toBeVisible();
  },
  2 * minute,
);

it(
  'its thread is one key away, and a conversation another: the author’s earlier words come along',
  async () => {
    const { page } = desk;
    await says('Example Shop, one more thing', 'Ann Angry');
    await desk.goTo('/listening');
    const asked = hit('Example Shop keeps my money');
    await asked.focus();
    await key('Enter');
    const thread = page.getByRole('dialog', { name: socialCatalogs.en.thread.title });
    await expect(thread.getByText('Example Shop keeps my money').first()).toBeVisible();
    await key('Escape');
    await expect(thread).toBeHidden();
    await expect(asked).toBeFocused();
    await key('c');
    await expect(page).toHaveURL(/\/inbox\/all\/./);
    await expect(desk.bubble('Example Shop keeps my money')).toBeVisible();
    await desk.goTo('/listening?state=converted');
    await expect(asked.getByRole('button', { name: w.stream.open })).toBeVisible();
  },
  2 * minute,
);

it(
  'a sudden rise is told with its reason, seen, and counted in the overview',
  async () => {
    const { page } = desk;
    for (let nth = 0; nth < 8; nth += 1) await says(`Example Shop cannot be paid today ${nth}`);
    const title = w.spikes.title('Example Shop');
    await desk.goTo('/listening/spikes');
    const alert = page.getByRole('article', { name: title });
    await expect(alert).toBeVisible();
    await expect(page.getByRole('link', { name: new RegExp(w.area.unseen(1)) })).toBeVisible();
    await key('j');
    await expect(alert).toBeFocused();
    await key('d');
    await expect(desk.button(w.spikes.seenOf('Example Shop'))).toBeHidden();
    await expect(page.getByRole('link', { name: new RegExp(w.area.unseen(1)) })).toBeHidden();
    await expect(alert).toBeFocused();
    await key('Enter');
    await expect(page).toHaveURL(/search=.*from=/);
    await expect(hit('cannot be paid today 7')).toBeVisible();

    await desk.goTo('/listening/overview?range=day');
    const picture = page.getByRole('slider');
    await picture.focus();
    await expect(picture).toHaveAttribute('aria-valuetext', /Total: /);
    const last = await picture.getAttribute('aria-valuetext');
    await key('ArrowLeft');
    await expect(picture).not.toHaveAttribute('aria-valuetext', last ?? '');
    await key('End');
    await expect(picture).toHaveAttribute('aria-valuetext', last ?? '');
    await key('Enter');
    await expect(page).toHaveURL(/\/listening\?from=/);
    await expect(hit('cannot be paid today 7')).toBeVisible();
  },
  2 * minute,
);
