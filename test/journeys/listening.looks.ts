import { listeningCatalogs } from '../../client/i18n/listening-words.ts';
import type { HitPage, SavedSearch, SpikeAlert } from '../../shared/listening.ts';
import { until } from '../world.ts';
import { catalogs, type Desk, expect, lineOf, type Stage } from './desk.ts';
import type { Look } from './states.ts';

const said = {
  fa: {
    search: 'نارون',
    post: 'تخفیف پاییزی فروشگاه آغاز شد.',
    people: ['سارا', 'رضا', 'مینا', 'کاوه', 'لاله', 'بهرام', 'شیرین', 'فرهاد'],
    text: (nth: number) =>
      `نارون ${['افتضاح است، پولم را پس نمی‌دهند', 'خیلی خوب بود، ممنون'][nth % 4 === 0 ? 1 : 0]} #نارون`,
  },
  en: {
    search: 'Elmwood',
    post: 'Our autumn sale begins.',
    people: ['Ann', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gwen', 'Hal'],
    text: (nth: number) =>
      `Elmwood ${['is terrible, they keep my money', 'was great, thank you'][nth % 4 === 0 ? 1 : 0]} #elmwood`,
  },
} as const;
type Language = keyof typeof said;

/** Somebody quotes a post of ours on X, which tells of it at once: a mention of somebody who is no customer. */
export async function quotes(
  stage: Stage,
  by: { n: number; text: string; of: string; name?: string; followers?: number },
): Promise<void> {
  const { simulator } = lineOf(stage, 'x');
  const { n, ...action } = by;
  await simulator.act({ do: 'quote', peer: simulator.peer(n), username: `user_${n}`, ...action });
}

/** Our own post on X; resolves with the platform's id of it. */
export async function posts(stage: Stage, text: string): Promise<string> {
  const { simulator } = lineOf(stage, 'x');
  await simulator.act({ do: 'ownPost', peer: simulator.peer(1), text });
  const post = simulator.messages().findLast((message) => message.text === text);
  if (!post) throw new Error('The simulator keeps no record of our own post.');
  return post.externalId;
}

const languageOf = ({ t }: Desk): Language => (t === catalogs.fa ? 'fa' : 'en');
const words = (desk: Desk) => listeningCatalogs[languageOf(desk)];

/** A saved search with as much in this hour as is an alert; resolves once there is one. */
export async function seedListening(
  stage: Stage,
  language: Language,
): Promise<{ looks: Look[]; tidy: () => Promise<void> }> {
  const { agent } = stage.world;
  const { search: name, post, people, text } = said[language];
  const search = await agent.call<SavedSearch>('POST', '/api/listening/searches', {
    name,
    kind: 'brand',
    terms: [name],
    exclude: [],
    excludeAuthors: [],
    channelIds: 'all',
    alert: true,
  });
  const of = await posts(stage, post);
  const first = language === 'fa' ? 40 : 60;
  for (const [nth, person] of people.entries())
    await quotes(stage, { n: first + nth, name: person, text: text(nth), of, followers: 500 * nth });
  await until('the alert', async () => {
    const { spikes } = await agent.call<{ spikes: SpikeAlert[] }>('GET', '/api/listening/spikes');
    return spikes.some(({ searchId, count }) => searchId === search.id && count >= people.length);
  });
  const { hits } = await agent.call<HitPage>('GET', `/api/listening/hits?searchId=${search.id}`);
  const away = hits.at(-1)?.id ?? '';
  await agent.call('POST', `/api/listening/hits/${encodeURIComponent(away)}/not-us`, {});
  return {
    looks: looksOf(search),
    tidy: async () => {
      await agent.call('PATCH', `/api/listening/searches/${search.id}`, { archived: true });
    },
  };
}

const stays = async () => undefined;

function looksOf({ id, name }: SavedSearch): Look[] {
  const feed = (desk: Desk) => desk.page.getByRole('feed', { name: words(desk).stream.list });
  return [
    {
      name: 'what is said',
      async show(desk) {
        await desk.goTo(`/listening?search=${id}`);
        await expect(feed(desk).getByRole('article').nth(2)).toBeVisible();
        await desk.page.keyboard.press('j');
        await expect(feed(desk).getByRole('article').first()).toBeFocused();
      },
      leave: stays,
    },
    {
      name: 'why something has its feeling',
      async show(desk) {
        await feed(desk).locator('[data-sentiment]').first().click();
        await expect(desk.page.getByRole('dialog')).toBeVisible();
      },
      async leave(desk) {
        await desk.page.keyboard.press('Escape');
        await expect(desk.page.getByRole('dialog')).toBeHidden();
      },
    },
    {
      name: 'the thread of a post',
      async show(desk) {
        await feed(desk).getByRole('article').first().focus();
        await desk.page.keyboard.press('Enter');
        await expect(desk.page.getByRole('dialog').getByRole('region').first()).toBeVisible();
      },
      async leave(desk) {
        await desk.page.keyboard.press('Escape');
        await expect(desk.page.getByRole('dialog')).toBeHidden();
      },
    },
    {
      name: 'what is not about us',
      async show(desk) {
        await desk.goTo(`/listening?search=${id}&state=notUs`);
        await expect(feed(desk).getByRole('article').first()).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'the overview, with its table',
      async show(desk) {
        await desk.goTo(`/listening/overview?search=${id}`);
        const picture = desk.page.getByRole('slider');
        await expect(picture).toBeVisible();
        await desk.page.locator('section button[aria-expanded="false"]').click();
        await picture.focus();
        await expect(desk.page.getByRole('table', { name: words(desk).overview.chart })).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'the saved searches',
      async show(desk) {
        await desk.goTo('/listening/searches');
        await expect(desk.page.getByRole('link', { name: words(desk).searches.editOf(name) })).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'a saved search, with its preview',
      async show(desk) {
        await desk.goTo(`/listening/searches/${id}`);
        const preview = desk.page.getByRole('region', { name: words(desk).editor.preview });
        await expect(preview.getByRole('listitem').first()).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'the alerts',
      async show(desk) {
        await desk.goTo('/listening/spikes');
        await expect(
          desk.page.getByRole('article', { name: words(desk).spikes.title(name) }).first(),
        ).toBeVisible();
      },
      leave: stays,
    },
  ];
}
