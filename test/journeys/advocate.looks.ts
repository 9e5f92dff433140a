import { randomUUID } from 'node:crypto';
import { type AdvocateCatalog, advocateCatalogs } from '../../client/i18n/advocate-words.ts';
import { chartCatalogs } from '../../client/i18n/chart-words.ts';
import { reportCatalogs } from '../../client/i18n/report-words.ts';
import type { Advocate, AdvocateDetail, AdvocatePage, AdvocateSettings } from '../../shared/advocate.ts';
import type { CouponList } from '../../shared/reward.ts';
import { until } from '../world.ts';
import { catalogs, type Desk, expect, lineOf, type Stage } from './desk.ts';
import type { Look } from './states.ts';

/** Three who speak well of a kettle, each in words of their own. */
const people = {
  fa: {
    names: ['پریا شمس', 'کامران آذر', 'لیلا نیک'],
    words: [
      'این کتری عالی است، به همه پیشنهاد می‌کنم.',
      'خیلی راضی‌ام، پشتیبانی فوق‌العاده بود.',
      'عالی بود، حتما بخرید.',
    ],
    reason: 'حرف‌های خوب',
    list: 'تخفیف پاییز',
    task: 'دعوت به آزمون محصول',
    ask: 'سلام {name}، اجازه می‌دهید؟ {link}',
  },
  en: {
    names: ['Paria Shams', 'Kamran Azar', 'Leila Nik'],
    words: [
      'This kettle is wonderful, I would recommend it to anyone.',
      'I am very happy, the support was excellent.',
      'It is great, you should buy it.',
    ],
    reason: 'Kind words',
    list: 'Autumn discount',
    task: 'Invite to a product trial',
    ask: 'Hello {name}, may we? {link}',
  },
} as const;
type Language = keyof typeof people;

const words = ({ t }: Desk): AdvocateCatalog => advocateCatalogs[t === catalogs.fa ? 'fa' : 'en'];

export interface SeededAdvocates {
  /** As they were said above, in that order. */
  advocates: Advocate[];
  looks: Look[];
}

/** People who praised us, found by what they wrote; resolves once they are on the board. */
export async function seedAdvocates(stage: Stage, language: Language): Promise<SeededAdvocates> {
  const { agent } = stage.world;
  const said = people[language];
  const settings = await agent.call<AdvocateSettings>('GET', '/api/advocates/settings');
  await agent.call('PUT', '/api/advocates/settings', { ...settings, advocateScore: 1 });
  const { simulator } = lineOf(stage, 'telegram');
  for (const [n, name] of said.names.entries())
    await simulator.customerWrites({
      peer: simulator.peer(500 + n + (language === 'fa' ? 0 : 10)),
      name,
      text: said.words[n] ?? '',
    });
  const advocates = await until('the board', async () => {
    const page = await agent.call<AdvocatePage>('GET', '/api/advocates?limit=100');
    const found = said.names.map((name) =>
      page.advocates.find((one) => one.name === name && one.kinds.includes('advocate')),
    );
    return found.every((one) => one !== undefined) ? found : undefined;
  });
  return { advocates, looks: looksOf(advocates[0]) };
}

/** What a marketer did with the first of them: a task, a code, a quote that was asked for, rewards given and waiting. */
export async function furnish(stage: Stage, language: Language, { customerId }: Advocate): Promise<void> {
  const { agent } = stage.world;
  const said = people[language];
  // They are written to in their own language.
  await agent.call('PATCH', `/api/customers/${customerId}`, { language });
  const { advocate, evidence } = await agent.call<AdvocateDetail>('GET', `/api/advocates/${customerId}`);
  await agent.call('PATCH', `/api/advocates/${customerId}`, {
    version: advocate.version,
    nextTask: { text: said.task, due: new Date(Date.now() + 86_400_000).toISOString() },
  });
  await agent.call('POST', `/api/advocates/${customerId}/referral-code`);
  await agent.call('POST', '/api/advocates/testimonials', {
    customerId,
    sourceId: evidence.evidence[0]?.id,
    text: said.ask,
  });
  const list = await agent.call<CouponList>('POST', '/api/coupon-lists', {
    name: said.list,
    points: 50,
    cost: { amount: 500_000, currency: 'IRR' },
    expiresAt: null,
    codes: [`${language}-A1`, `${language}-B2`],
  });
  const give = { customerId, cost: null, text: '', reason: said.reason };
  await agent.call('POST', '/api/rewards', {
    ...give,
    id: randomUUID(),
    kind: 'coupon',
    points: 0,
    couponListId: list.id,
  });
  await agent.call('POST', '/api/rewards', { ...give, id: randomUUID(), kind: 'points', points: 5_000 });
}

const stays = async () => undefined;
const closes = async (desk: Desk) => {
  await desk.page.keyboard.press('Escape');
  await expect(desk.page.getByRole('dialog')).toBeHidden();
};

/** A page of the area, known by something on it. */
const page = (name: string, path: string, sees: (w: AdvocateCatalog) => string): Look => ({
  name,
  async show(desk) {
    await desk.goTo(path);
    await expect(
      desk.page
        .getByText(sees(words(desk)))
        .filter({ visible: true })
        .first(),
    ).toBeVisible();
  },
  leave: stays,
});

function looksOf(first: Advocate | undefined): Look[] {
  const { customerId = '', name = '' } = first ?? {};
  const tab = (id: keyof AdvocateCatalog['person']['tabs'], sees: (w: AdvocateCatalog) => string): Look => ({
    name: `their ${id}`,
    async show(desk) {
      const w = words(desk);
      await desk.page.getByRole('tab', { name: w.person.tabs[id] }).click();
      await expect(desk.page.getByRole('tabpanel').getByText(sees(w)).first()).toBeVisible();
    },
    leave: stays,
  });
  return [
    {
      name: 'the board',
      async show(desk) {
        await desk.goTo('/advocates');
        const column = desk.page.getByRole('region', { name: words(desk).stage.discovered });
        await expect(column.getByRole('button', { name, exact: true })).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'the ranked table',
      async show(desk) {
        await desk.goTo('/advocates?view=table');
        await expect(desk.page.getByRole('table').getByRole('button', { name, exact: true })).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'the record of one',
      async show(desk) {
        await desk.goTo(`/advocates?who=${customerId}`);
        await expect(
          desk.page.getByRole('dialog').getByRole('table', { name: words(desk).score.breakdown }),
        ).toBeVisible();
      },
      leave: stays,
    },
    tab('testimonials', (w) => w.testimonial.record),
    tab('referral', (w) => w.referral.text),
    tab('rewards', (w) => w.reward.state.waiting),
    {
      name: 'a reward before it is given',
      async show(desk) {
        const w = words(desk);
        await desk.page.getByRole('dialog').getByRole('button', { name: w.reward.give }).first().click();
        await expect(
          desk.page
            .getByRole('dialog', { name: w.reward.giveTo(name) })
            .getByRole('region', { name: w.reward.preview }),
        ).toBeVisible();
      },
      async leave(desk) {
        await desk.page.keyboard.press('Escape');
        await expect(desk.page.getByRole('dialog')).toHaveCount(1);
        await closes(desk);
      },
    },
    page('the ledger', '/advocates/rewards', (w) => w.reward.state.given),
    page('what waits for approval', '/advocates/approvals', (w) => w.approvals.own),
    page('lists of codes', '/advocates/coupons', (w) => w.coupons.addCodes),
    {
      name: 'codes that are pasted',
      async show(desk) {
        const w = words(desk);
        await desk.button(w.coupons.add).click();
        await desk.page.getByRole('textbox', { name: w.coupons.codes }).fill('Z9\nZ9\nZ8');
        await expect(desk.page.getByText(w.coupons.issue.twice(1))).toBeVisible();
      },
      leave: closes,
    },
    page('testimonials', '/advocates/testimonials', (w) => w.testimonial.record),
    {
      name: 'the report beside the time before, with a table',
      async show(desk) {
        const language = desk.t === catalogs.fa ? 'fa' : 'en';
        await desk.goTo('/reports/advocates?compare=1');
        const { label } = reportCatalogs[language].channels;
        const channels = desk.page.getByRole('region').filter({
          has: desk.page.getByRole('slider', { name: chartCatalogs[language].point(label) }),
        });
        await channels.getByRole('button', { name: chartCatalogs[language].showTable }).click();
        await expect(channels.getByRole('table', { name: label })).toBeVisible();
        await expect(
          desk.page.getByText(reportCatalogs[language].reach.before, { exact: true }),
        ).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'the weights',
      async show(desk) {
        await desk.goTo('/advocates/settings');
        await expect(
          desk.page.getByRole('table', { name: words(desk).weights.preview }).getByText(name),
        ).toBeVisible();
      },
      leave: stays,
    },
  ];
}
