import type { Locator } from '@playwright/test';
import { type SocialCatalog, socialCatalogs } from '../../client/i18n/social-words.ts';
import { catalogs, type Desk, expect } from './desk.ts';

/** One look of the inbox: how to come to it, and how to leave it as it was found. */
export interface Look {
  name: string;
  /** Resolves once it is in sight. */
  show(desk: Desk): Promise<void>;
  leave(desk: Desk): Promise<void>;
}

const stays = async () => undefined;

/** Something over the page, opened by a press and closed with Escape, which gives the focus back. */
function over(name: string, press: (desk: Desk) => Locator, shown: (desk: Desk) => Locator): Look {
  return {
    name,
    async show(desk) {
      await press(desk).click();
      await expect(shown(desk)).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(shown(desk)).toBeHidden();
    },
  };
}

const social = ({ t }: Desk): SocialCatalog => socialCatalogs[t === catalogs.fa ? 'fa' : 'en'];

const menu = (name: (desk: Desk) => string) => (desk: Desk) =>
  desk.page.getByRole('menu', { name: name(desk) });
const dialog = (name: (desk: Desk) => string) => (desk: Desk) =>
  desk.page.getByRole('dialog', { name: name(desk) });
const customer = (desk: Desk) => desk.page.getByRole('complementary', { name: desk.t.inbox.customer });

/** A list that a key opens over the page. */
const pressed = (name: string, key: string, title: (desk: Desk) => string): Look => ({
  name,
  async show(desk) {
    await desk.timeline.focus();
    await desk.page.keyboard.press(key);
    await expect(desk.page.getByRole('dialog', { name: title(desk) })).toBeVisible();
  },
  async leave(desk) {
    await desk.page.keyboard.press('Escape');
    await expect(desk.page.getByRole('dialog')).toBeHidden();
  },
});

/** What a wide window shows over and around an open conversation with a message of the customer's. */
export const looks: Look[] = [
  {
    name: 'a note',
    async show(desk) {
      await desk.composer.getByRole('button', { name: desk.t.composer.note, exact: true }).click();
      await expect(desk.composer.getByRole('textbox', { name: desk.t.composer.noteLabel })).toBeVisible();
    },
    async leave(desk) {
      await desk.composer.getByRole('button', { name: desk.t.composer.reply, exact: true }).click();
    },
  },
  over(
    'assigning',
    (desk) => desk.button(desk.t.assign.title),
    dialog((desk) => desk.t.assign.title),
  ),
  over(
    'snoozing',
    (desk) => desk.button(desk.t.snooze.title),
    dialog((desk) => desk.t.snooze.title),
  ),
  {
    name: 'a date to snooze until',
    async show(desk) {
      await desk.button(desk.t.snooze.title).click();
      await desk.page.getByRole('option', { name: desk.t.snooze.pick }).click();
      await expect(desk.page.getByRole('dialog', { name: desk.t.snooze.title })).toBeVisible();
      await expect(desk.page.getByRole('button', { name: desk.t.kit.openCalendar })).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(desk.page.getByRole('dialog')).toBeHidden();
    },
  },
  pressed('labels', 'l', (desk) => desk.t.tags.title),
  pressed('a priority', 'p', (desk) => desk.t.priority.title),
  over(
    'how a message was said',
    (desk) => desk.timeline.locator('[data-sentiment]').first(),
    dialog((desk) => social(desk).sentiment.label),
  ),
  {
    name: 'a call that goes on',
    async show(desk) {
      await desk.timeline.focus();
      await desk.page.keyboard.press('Alt+c');
      const bar = desk.page.getByRole('region', { name: social(desk).call.bar });
      await expect(bar.getByRole('textbox', { name: social(desk).call.note })).toBeFocused();
    },
    async leave(desk) {
      await desk.button(social(desk).call.discard).click();
      await expect(desk.page.getByRole('region', { name: social(desk).call.bar })).toBeHidden();
      await desk.button(desk.t.kit.closeNotification).last().click();
    },
  },
  pressed('the palette', 'Control+k', (desk) => desk.t.palette.title),
  {
    name: 'the filter',
    async show(desk) {
      await desk.button(desk.t.filter.label).click();
      const bar = desk.page.getByRole('region', { name: desk.t.filter.label });
      await bar.getByRole('button', { name: desk.t.filter.priority }).click();
      await expect(desk.page.getByRole('dialog', { name: desk.t.filter.priority })).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await desk.button(desk.t.filter.label).click();
      await expect(desk.page.getByRole('region', { name: desk.t.filter.label })).toBeHidden();
    },
  },
  {
    name: 'several conversations chosen',
    async show(desk) {
      await desk.list.focus();
      await desk.page.keyboard.press('x');
      await expect(desk.page.getByRole('region', { name: desk.t.bulk.label })).toBeVisible();
    },
    async leave(desk) {
      await desk.button(desk.t.bulk.clear).click();
      await expect(desk.page.getByRole('region', { name: desk.t.bulk.label })).toBeHidden();
    },
  },
  {
    name: 'canned replies',
    async show(desk) {
      await desk.textbox.fill('');
      await desk.textbox.pressSequentially('/');
      await expect(desk.page.getByRole('region', { name: desk.t.canned.title })).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(desk.page.getByRole('region', { name: desk.t.canned.title })).toBeHidden();
      await desk.textbox.fill('');
    },
  },
  over(
    'more deeds',
    (desk) => desk.button(desk.t.common.more),
    menu((desk) => desk.t.common.more),
  ),
  over(
    'where the reply goes',
    (desk) => desk.composer.getByRole('button', { name: desk.t.composer.target }),
    menu((desk) => desk.t.composer.target),
  ),
  {
    name: 'ways to send',
    async show(desk) {
      await desk.textbox.fill('1');
      await desk.button(desk.t.composer.sendMenu).click();
      await expect(desk.page.getByRole('menu', { name: desk.t.composer.sendMenu })).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(desk.page.getByRole('menu')).toBeHidden();
      await desk.textbox.fill('');
    },
  },
  over(
    'a message’s menu',
    (desk) => desk.timeline.getByRole('button', { name: desk.t.timeline.messageMenu }).first(),
    menu((desk) => desk.t.timeline.messageMenu),
  ),
  over(
    'searching',
    (desk) => desk.button(desk.t.views.searchLabel),
    dialog((desk) => desk.t.views.searchLabel),
  ),
  over(
    'a new conversation',
    (desk) => desk.button(desk.t.inbox.newConversation),
    dialog((desk) => desk.t.inbox.newConversation),
  ),
  over(
    'linking',
    (desk) => desk.button(desk.t.link.button),
    dialog((desk) => desk.t.link.title),
  ),
  {
    name: 'renaming',
    async show(desk) {
      await desk.button(desk.t.customer.rename, customer(desk)).click();
      await expect(customer(desk).getByRole('textbox', { name: desk.t.customer.name })).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(desk.button(desk.t.customer.rename, customer(desk))).toBeVisible();
    },
  },
  {
    name: 'the cheat sheet',
    async show(desk) {
      await desk.timeline.focus();
      await desk.page.keyboard.press('?');
      await expect(desk.page.getByRole('dialog', { name: desk.t.cheatSheet.title })).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(desk.page.getByRole('dialog')).toBeHidden();
    },
  },
  over(
    'the account',
    (desk) => desk.page.getByRole('navigation', { name: desk.t.rail.label }).getByRole('button'),
    (desk) => desk.page.getByRole('menu'),
  ),
  {
    name: 'a message was marked unread, and the toast that says so',
    async show(desk) {
      await desk.button(desk.t.common.more).click();
      await desk.page.getByRole('menuitem', { name: desk.t.resolve.markUnread }).click();
      await expect(desk.page.getByText(desk.t.resolve.markedUnread)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'an empty view',
    async show(desk) {
      await desk.page
        .getByRole('navigation', { name: desk.t.views.label })
        .getByRole('link', { name: desk.t.views.snoozed })
        .click();
      await expect(desk.page.getByText(desk.t.views.emptyTitle.snoozed)).toBeVisible();
      await expect(desk.page.getByText(desk.t.inbox.nothingOpen)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'a conversation that is gone',
    async show(desk) {
      await desk.goTo('/inbox/mine/00000000-0000-4000-8000-000000000000');
      await expect(desk.page.getByText(desk.t.inbox.goneTitle)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'a list that could not be loaded',
    async show(desk) {
      await desk.page.route(/\/api\/conversations\?/, (route) =>
        route.fulfill({
          status: 500,
          json: { code: 'internal', message: 'It failed.', errorId: 'E-1234' },
        }),
      );
      await desk.goTo('/inbox/mine');
      await expect(desk.page.getByText(desk.t.views.loadFailed)).toBeVisible();
      await expect(desk.page.getByText('E-1234')).toBeVisible();
    },
    async leave(desk) {
      await desk.page.unroute(/\/api\/conversations\?/);
      await desk.button(desk.t.common.retry).click();
      await expect(desk.list).toBeVisible();
    },
  },
  {
    name: 'no connection',
    async show(desk) {
      await desk.context.setOffline(true);
      await expect(desk.page.getByRole('status').filter({ hasText: desk.t.offline.offline })).toBeVisible();
    },
    async leave(desk) {
      await desk.context.setOffline(false);
      await expect(desk.page.getByRole('status').filter({ hasText: desk.t.offline.upToDate })).toBeVisible();
    },
  },
];
