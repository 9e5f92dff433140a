import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import type { Conversation } from '../../shared/conversation.ts';
import type { Customer } from '../../shared/customer.ts';
import { until } from '../world.ts';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

const minute = 60_000;
const first = 'Is the blue jacket there in size 40?';
const bySms = 'Hello, do you answer here as well?';

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['sms', 'telegram'] });
  desk = await Desk.open({ stage });
});
afterAll(async () => {
  await desk?.close();
  await stage?.close();
});

async function photograph(name: string): Promise<void> {
  const dir = process.env.PICTURES_DIR;
  if (dir) await desk.page.screenshot({ path: join(dir, `${name}.png`) });
}

const customer = () => desk.page.getByRole('complementary', { name: desk.t.inbox.customer });

/** The conversation with this text in its row, as the server has it. */
function conversationOf(text: string): Promise<Conversation> {
  return until(`the conversation about “${text}”`, async () => {
    const page = await stage.world.agent.conversations();
    return page.conversations.find(({ preview }) => JSON.stringify(preview).includes(text));
  });
}

describe('a customer with two conversations', () => {
  it(
    'shows the beginning of the older one, which was not loaded, and leads back to the newest',
    async () => {
      const sms = lineOf(stage, 'sms').simulator;
      const telegram = lineOf(stage, 'telegram').simulator;
      const chat = telegram.peer(1);
      await sms.customerWrites({ peer: sms.peer(1), text: bySms });
      await telegram.customerWrites({ peer: chat, name: 'Sara Ahmadi', text: first });
      for (let n = 1; n <= 70; n += 1)
        await telegram.customerWrites({ peer: chat, name: 'Sara Ahmadi', text: `Question ${n}` });
      await expect(desk.row('Question 70')).toBeVisible({ timeout: 45_000 });
      const { customerId } = await conversationOf('Question 70');
      const other = await conversationOf(bySms);
      await stage.world.agent.call('POST', `/api/customers/${customerId}/merge`, {
        otherId: other.customerId,
        reason: 'She said so.',
      });
      await desk.open('Sara Ahmadi');
      await expect(desk.bubble('Question 70')).toBeVisible();
      await expect(desk.bubble(first)).toHaveCount(0);

      const { history } = desk.t.customer;
      const rows = customer()
        .locator('section', { hasText: history })
        .getByRole('listitem')
        .getByRole('button');
      await expect(rows).toHaveCount(2);
      await rows.filter({ hasText: 'Question 70' }).click();
      await expect(desk.bubble(first)).toBeInViewport();
      await expect(desk.timeline).toBeFocused();
      await photograph('history-jump');

      await desk.page.keyboard.press('End');
      await expect(desk.bubble('Question 70')).toBeInViewport();
    },
    2 * minute,
  );
});

describe('a reply where the customer has another open conversation', () => {
  it(
    'is refused, and goes there with one press, text and target with it',
    async () => {
      const { t } = desk;
      const { agent } = stage.world;
      const line = lineOf(stage, 'sms');
      const mobile = line.simulator.peer(5);
      await line.simulator.customerWrites({ peer: mobile, text: 'Do you open on Friday?' });
      await desk.open('Do you open on Friday?');
      const old = await conversationOf('Do you open on Friday?');
      await agent.call('PATCH', `/api/conversations/${old.id}`, { deed: 'resolve' });
      await expect(desk.composer.getByText(t.composer.resolvedHint)).toBeVisible();
      const { header } = await agent.call<{ header: Conversation }>('POST', '/api/conversations', {
        channelId: line.channelId,
        address: mobile,
      });
      await desk.answer('Yes, from nine.');
      const refused = desk.timeline.getByRole('group', { name: t.delivery.state.failed });
      await expect(refused.getByText(t.errors.reason.anotherActive)).toBeVisible();
      await photograph('another-active');
      await desk.button(t.delivery.moveToActive, refused).click();
      await expect(desk.tick('delivered', desk.bubble('Yes, from nine.'))).toBeVisible();
      await expect(desk.page).toHaveURL(new RegExp(`${header.id}$`));
      expect(sent(line, 'Yes, from nine.').map(({ peer }) => peer)).toEqual([mobile]);
    },
    minute,
  );

  it(
    'beginning a third one leads to the open one instead, and a wrong number is named at its field',
    async () => {
      const { t } = desk;
      const line = lineOf(stage, 'sms');
      const open = desk.page.url();
      await desk.open('Sara Ahmadi');
      await desk.button(t.inbox.newConversation).click();
      const dialog = desk.page.getByRole('dialog', { name: t.inbox.newConversation });
      const field = dialog.getByRole('textbox', { name: t.customer.kind.mobile });
      await field.fill('12');
      await desk.button(t.inbox.newConversation, dialog).click();
      await expect(field).toHaveAccessibleDescription(new RegExp(t.begin.wrong.mobile ?? ''));
      await photograph('begin-wrong');
      await field.fill(line.simulator.peer(5));
      await desk.button(t.inbox.newConversation, dialog).click();
      await desk.button(t.inbox.openActive, dialog).click();
      await expect(desk.page).toHaveURL(open);
      await expect(dialog).toBeHidden();
    },
    minute,
  );
});

describe('a number that the customer only names', () => {
  it(
    'suggests its owner by name, and one press opens the link with the reason filled in',
    async () => {
      const { t } = desk;
      const sms = lineOf(stage, 'sms').simulator;
      const telegram = lineOf(stage, 'telegram').simulator;
      const mobile = sms.peer(9);
      await sms.customerWrites({ peer: mobile, text: 'I am the owner.' });
      const { customerId } = await conversationOf('I am the owner.');
      await stage.world.agent.call<Customer>('PATCH', `/api/customers/${customerId}`, {
        name: 'Reza Karimi',
      });
      await telegram.customerWrites({ peer: telegram.peer(9), name: 'A Friend', text: 'Hello there.' });
      await telegram.act({ do: 'contact', peer: telegram.peer(9), phone: mobile, own: false });
      await desk.open('A Friend');
      await expect(customer().getByText(t.link.suggestion)).toBeVisible();
      await expect(customer().getByText('Reza Karimi')).toBeVisible();
      await photograph('claim');
      await customer().getByRole('button', { name: t.link.title }).click();
      const words = customerCatalogs.en.merge;
      const dialog = desk.page.getByRole('dialog', { name: words.title });
      await expect(dialog.getByRole('region', { name: words.joins }).getByText('Reza Karimi')).toBeVisible();
      await expect(dialog.getByRole('textbox', { name: words.reason })).not.toHaveValue('');
      await photograph('link-prefilled');
      await desk.button(words.confirm, dialog).click();
      await expect(desk.bubble('I am the owner.')).toBeVisible();
    },
    minute,
  );
});

describe('a message that did not arrive', () => {
  it(
    'is given up without owing anything, or sent again',
    async () => {
      const { t } = desk;
      const line = lineOf(stage, 'telegram');
      await line.simulator.customerWrites({
        peer: line.simulator.peer(12),
        name: 'Mina',
        text: 'Anyone there?',
      });
      await desk.open('Anyone there?');
      line.simulator.fail('blocked', { times: 1 });
      await desk.answer('We are here.');
      const needs = desk.timeline.getByRole('group', { name: t.delivery.state.failed });
      await desk.button(t.delivery.cancel, needs).click();
      await expect(desk.bubble('We are here.').getByText(t.delivery.cancelled)).toBeVisible();
      await expect(needs).toHaveCount(0);
      await photograph('cancelled');
      await desk.button(t.delivery.resend, desk.bubble('We are here.')).click();
      await expect(desk.tick('sent', desk.bubble('We are here.'))).toBeVisible();
      expect(sent(line, 'We are here.')).toHaveLength(1);
      expect(desk.complaints).toEqual([]);
    },
    minute,
  );
});
