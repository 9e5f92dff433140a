import { afterAll, beforeAll, describe, it } from 'vitest';
import { axe } from './browser.ts';
import { catalogs, Desk, expect, lineOf, type Stage, setStage } from './desk.ts';
import { expected, foreign, worlds } from './foreign.ts';
import { looks } from './states.ts';

const minute = 60_000;
let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { simulator } = lineOf(stage, 'telegram');
  for (const [n, { customer, question }] of Object.values(worlds).entries())
    await simulator.customerWrites({ peer: simulator.peer(n + 1), name: customer, text: question });
});
afterAll(() => stage?.close());

/** Each in a theme of its own: colours must do in both. */
describe.each([
  { language: 'fa', calendar: 'jalali', theme: 'light' },
  { language: 'en', calendar: 'gregorian', theme: 'dark' },
] as const)('the whole inbox in $language, $theme', (preferences) => {
  const { language } = preferences;
  const words = worlds[language];
  let desk: Desk;
  const check = async () => {
    const strange = await foreign(desk, language);
    expect(strange.filter((each) => !expected(language).has(each))).toEqual([]);
  };

  beforeAll(async () => {
    const { agent, lines } = stage.world;
    await agent.call('PATCH', '/api/profile', { name: words.admin });
    for (const { connector, channelId } of lines)
      await agent.call('PATCH', `/api/channels/${channelId}`, {
        name: words.channels[connector.manifest.id],
      });
    desk = await Desk.open({ stage, preferences });
    await desk.open(words.question);
    await expect(desk.bubble(words.question)).toBeVisible();
    await desk.answer(words.answer);
    await expect(desk.tick('sent', desk.bubble(words.answer))).toBeVisible();
    await desk.page.keyboard.press('Escape');
    await desk.page.keyboard.press('i');
    await expect(desk.page.getByText(desk.t.assign.assignedToMe)).toBeVisible();
    // The other language's customers are looked at in the other language: here only those who are mine.
    await desk.page.keyboard.press('1');
    await expect(desk.row(words.answer)).toBeVisible();
    await expect(desk.list.getByRole('option')).toHaveCount(1);
    await desk.open(words.answer);
    await expect(desk.page.getByRole('heading', { name: desk.t.customer.identities })).toBeVisible();
  }, minute);
  afterAll(async () => {
    const { agent } = stage.world;
    const { conversations } = await agent.conversations('mine');
    for (const { id } of conversations)
      await agent.call('PATCH', `/api/conversations/${id}`, { deed: 'assign', assigneeId: null });
    await desk?.close();
  });

  it('stands the right way round', async () => {
    const html = desk.page.locator('html');
    await expect(html).toHaveAttribute('lang', language);
    await expect(html).toHaveAttribute('dir', language === 'fa' ? 'rtl' : 'ltr');
    const [rail, list, stream] = await Promise.all(
      [desk.page.getByRole('navigation', { name: desk.t.rail.label }), desk.list, desk.timeline].map((pane) =>
        pane.boundingBox(),
      ),
    );
    const order = [rail?.x ?? 0, list?.x ?? 0, stream?.x ?? 0];
    expect(order).toEqual([...order].sort((a, b) => (language === 'fa' ? b - a : a - b)));
    await check();
  });

  it.each(looks)('speaks one language, and axe objects to nothing: $name', async ({ show, leave }) => {
    await show(desk);
    await check();
    expect(await axe(desk.page)).toEqual([]);
    await leave(desk);
  });
});

describe('another language, another calendar', () => {
  const date = (locale: string, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Tehran', ...parts }).format(new Date());
  /** «۱ آذر», "1 Azar", "22 November" */
  const today = (locale: string) => `${date(locale, { day: 'numeric' })} ${date(locale, { month: 'long' })}`;

  it('are chosen without a reload, and nothing of what is being written is lost', async () => {
    const desk = await Desk.open({ stage, preferences: { language: 'fa', calendar: 'jalali' } });
    await desk.open(worlds.fa.customer);
    const since = desk.page.getByRole('complementary').getByText(today('fa-IR-u-ca-persian'));
    await expect(since.first()).toBeVisible();
    await desk.textbox.fill('نیمهٔ یک جواب');

    await desk.page.getByRole('navigation', { name: desk.t.rail.label }).getByRole('button').click();
    await desk.page.getByRole('menuitem', { name: desk.t.rail.switchLanguage }).click();
    desk.t = catalogs.en;
    await expect(desk.page.locator('html')).toHaveAttribute('dir', 'ltr');
    await expect(desk.textbox).toHaveValue('نیمهٔ یک جواب');
    await expect(desk.button(desk.t.resolve.button)).toBeVisible();
    await expect(
      desk.page.getByRole('complementary').getByText(today('en-GB-u-ca-persian')).first(),
    ).toBeVisible();

    await desk.page.getByRole('navigation', { name: desk.t.rail.label }).getByRole('button').click();
    await desk.page.getByRole('menuitem', { name: desk.t.rail.profile }).click();
    const calendars = desk.page.getByRole('radiogroup', { name: desk.t.profile.calendar });
    await calendars.getByText(desk.t.profile.calendars.gregorian).click();
    await desk.page.goBack();
    await expect(
      desk.page.getByRole('complementary').getByText(today('en-GB-u-ca-gregory')).first(),
    ).toBeVisible();
    await expect(desk.textbox).toHaveValue('نیمهٔ یک جواب');
    await desk.textbox.fill('');
    expect(desk.loads).toBe(1);
    expect(desk.complaints).toEqual([]);
    await desk.close();
  });
});

describe('a phone', () => {
  /** Nothing sticks out at either side, and nothing that can be pressed lies out of reach. */
  async function fits(desk: Desk): Promise<void> {
    const out = await desk.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const found: string[] = [];
      if (document.documentElement.scrollWidth > width)
        found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
      for (const each of document.querySelectorAll('button, a[href], input, textarea, [role="option"]')) {
        const { left, right, width: own } = each.getBoundingClientRect();
        if (own > 1 && (left < -1 || right > width + 1))
          found.push(
            `${each.getAttribute('aria-label') ?? each.textContent}: from ${left} to ${right} of ${width}`,
          );
      }
      return found;
    });
    expect(out).toEqual([]);
  }

  it.each([
    { language: 'fa', width: 390 },
    { language: 'en', width: 390 },
    { language: 'fa', width: 320 },
    { language: 'en', width: 320 },
  ] as const)('shows one pane at a time: $language, $width px', async ({ language, width }) => {
    const words = worlds[language];
    const desk = await Desk.open({ stage, preferences: { language }, width, height: 700 });
    const { t } = desk;
    await expect(desk.row(words.customer)).toBeVisible();
    await expect(desk.composer).toBeHidden();
    await fits(desk);

    await desk.open(words.customer);
    await expect(desk.list).toBeHidden();
    await expect(desk.page.getByRole('navigation', { name: t.rail.label })).toBeHidden();
    await expect(desk.bubble(words.question)).toBeVisible();
    await fits(desk);
    await desk.button(t.composer.note, desk.composer).click();
    await desk.textbox.fill('۱۲۳ abc '.repeat(40));
    await fits(desk);
    await desk.textbox.fill('');
    await desk.button(t.composer.reply, desk.composer).click();

    await desk.button(t.inbox.customer).click();
    const drawer = desk.page.getByRole('dialog', { name: t.customer.title });
    await expect(drawer.getByRole('heading', { name: t.customer.identities })).toBeVisible();
    await fits(desk);
    // The keyboard is in it once it has come.
    await expect
      .poll(() => drawer.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
    // A tooltip that shows goes with it: one Escape is enough.
    await desk.button(t.kit.closeDialog, drawer).hover();
    await expect(desk.page.getByRole('tooltip')).toBeVisible();
    await desk.page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();

    await desk.button(t.common.more).click();
    await expect(desk.page.getByRole('menuitem', { name: t.snooze.title })).toBeVisible();
    await fits(desk);
    await desk.page.keyboard.press('Escape');
    await expect(desk.page.getByRole('menu')).toBeHidden();
    await desk.button(t.inbox.backToList).click();
    await expect(desk.row(words.customer)).toBeVisible();
    await expect(desk.composer).toBeHidden();
    await desk.button(t.views.searchLabel).click();
    await expect(desk.page.getByRole('dialog', { name: t.views.searchLabel })).toBeVisible();
    await fits(desk);
    expect(desk.complaints).toEqual([]);
    await desk.close();
  });
});
