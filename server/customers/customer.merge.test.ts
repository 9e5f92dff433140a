import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { importConversations } from '../messages/import.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { previewMerge } from './customer.merge.preview.ts';
import { mergeByAgent } from './customer.merge.ts';
import { searchCustomers } from './customer.search.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import { blockIdentity } from './identity.block.ts';
import { updateCustomer } from './profile.service.ts';

let ctx: TestContext;
let telegram: ChannelDoc;
let sms: ChannelDoc;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const tele = person('1001', { name: 'Sara Example' });
const mobile = person('+989121234567', { kind: 'mobile', display: '+989121234567' });
const proof = {
  kind: 'mobile' as const,
  value: '+989121234567',
  display: '+989121234567',
  proof: 'sharedContact' as const,
};

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  telegram = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  sms = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const conversations = () =>
  ctx.models.conversations.find({}).sort({ createdAt: 1, _id: 1 }).lean<ConversationDoc[]>();
const customerOf = async (identity: string) =>
  (await ctx.models.identities.findById(identity).lean())?.customerId ?? '';
const customerNow = async (id: string) => {
  const customer = await ctx.models.customers.findById(id).lean();
  if (!customer) throw new Error(`No customer ${id}`);
  return customer;
};
const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000);
const lines = (conversationId: string) =>
  ctx.models.messages.find({ conversationId, kind: 'event' }).sort({ seq: 1 }).lean<MessageDoc[]>();

/** Sara wrote an SMS an hour ago, and writes on Telegram now: two customers. */
async function twoSides() {
  await deliver(ctx, sms, [written(mobile, 'an SMS', { at: minutesAgo(60) })]);
  await deliver(ctx, telegram, [written(tele, 'on Telegram', { at: minutesAgo(5) })]);
  const [older, newer] = await conversations();
  if (!older || !newer) throw new Error('Two conversations were expected.');
  return { older, newer };
}

describe('a shared contact', () => {
  it('of a number nobody wrote from is one more identity of its sender', async () => {
    await deliver(ctx, telegram, [written(tele, '', { proves: [proof] })]);
    expect(await customerOf('mobile:+989121234567')).toBe(await customerOf('telegramUser:1001'));
    expect(await ctx.models.links.countDocuments({})).toBe(0);
    await deliver(ctx, sms, [written(mobile, 'and now an SMS')]);
    expect(await conversations()).toHaveLength(1);
    expect((await conversations())[0]?.channelIds).toEqual([telegram._id, sms._id]);
  });

  it('links two customers who both wrote: one customer, the older conversation goes on in the newer', async () => {
    const { older, newer } = await twoSides();
    const heard: string[] = [];
    const off = ctx.bus.on('conversation.changed', ({ conversation }) => heard.push(conversation._id));
    await deliver(ctx, telegram, [written(tele, 'my number', { proves: [proof], at: minutesAgo(1) })]);
    off();
    const survivorId = older.customerId;
    const survivor = await customerNow(survivorId);
    const merged = await customerNow(newer.customerId);
    expect(survivor).toMatchObject({
      name: 'Sara Example',
      active: { main: newer._id },
      mergedInto: null,
      members: expect.arrayContaining([survivorId, merged._id]),
    });
    expect(merged).toMatchObject({ mergedInto: survivorId, active: { main: null } });

    const [first, second] = await conversations();
    expect(first).toMatchObject({
      status: 'continued',
      successorId: newer._id,
      customerId: survivorId,
      homeCustomerId: survivorId,
      waitingSince: null,
    });
    expect(second).toMatchObject({ status: 'open', customerId: survivorId, homeCustomerId: merged._id });
    // Who waited in the older one still waits.
    expect(second?.waitingSince).toEqual(older.waitingSince);
    expect(heard).toEqual(expect.arrayContaining([older._id, newer._id]));
    expect((await lines(older._id)).map((line) => line.event)).toEqual([
      { type: 'continued', data: { successorId: newer._id } },
    ]);
    expect((await lines(newer._id)).map((line) => line.event?.type)).toEqual(['linked', 'continued']);

    // No message moved, and both identities write on in one conversation.
    expect(await ctx.models.messages.countDocuments({ conversationId: older._id, kind: 'message' })).toBe(1);
    await deliver(ctx, sms, [written(mobile, 'by SMS again')]);
    await deliver(ctx, telegram, [written(tele, 'and by Telegram')]);
    expect(await ctx.models.messages.countDocuments({ conversationId: newer._id, kind: 'message' })).toBe(4);
  });

  it('keeps a journal that says who owned what', async () => {
    const { older, newer } = await twoSides();
    await deliver(ctx, telegram, [written(tele, '', { proves: [proof] })]);
    const [link, ...more] = await ctx.models.links.find({}).lean();
    expect(more).toEqual([]);
    expect(link).toMatchObject({
      survivorId: older.customerId,
      mergedId: newer.customerId,
      byUserId: null,
      proof: 'sharedContact',
      identityId: 'mobile:+989121234567',
      before: {
        survivor: { active: older._id, members: [older.customerId] },
        merged: { active: newer._id, members: [newer.customerId] },
        identityIds: ['telegramUser:1001'],
        conversationIds: [newer._id],
        continued: { id: older._id, status: 'open', successorId: newer._id },
      },
    });
    const identity = await ctx.models.identities.findById('telegramUser:1001').lean();
    expect(identity).toMatchObject({ customerId: older.customerId, homeCustomerId: newer.customerId });
  });

  it('sent again links nothing twice', async () => {
    await twoSides();
    const share = () => written(tele, '', { proves: [proof] });
    await deliver(ctx, telegram, [share()]);
    const versions = (await conversations()).map((conversation) => conversation.version);
    await deliver(ctx, telegram, [share()]);
    expect(await ctx.models.links.countDocuments({})).toBe(1);
    expect((await conversations()).map((one) => one.version)).toEqual([versions[0], (versions[1] ?? 0) + 1]);
  });

  it('with history on both sides, while messages of both arrive on two servers, makes one customer and loses nothing', async () => {
    await importConversations(ctx, {
      customers: [
        { of: tele, on: telegram },
        { of: mobile, on: sms },
      ].map(({ of, on }) => ({
        identities: [
          { kind: of.kind, value: of.value, display: of.display, channelId: on._id, threadKey: of.value },
        ],
        conversations: [1, 2, 3].map((n) => ({
          messages: [
            {
              direction: 'in' as const,
              identity: 0,
              text: `case ${n}`,
              at: new Date(Date.now() - n * 30 * 86_400_000),
              externalId: `${of.value}-${n}`,
            },
          ],
        })),
      })),
    });
    const other = await ctx.sibling();
    try {
      const messages = (of: typeof tele, count: number) =>
        Array.from({ length: count }, (_, n) => written(of, `${of.kind} ${n}`));
      await Promise.all([
        deliver(ctx, telegram, messages(tele, 6)),
        deliver(other, sms, messages(mobile, 6)),
        deliver(other, telegram, [written(tele, 'my number', { proves: [proof] })]),
      ]);
      await drain(ctx);
      // What met the link in the middle is tried again after a moment.
      await expect
        .poll(async () => {
          await drain(ctx);
          return ctx.models.inbound.countDocuments({ state: { $ne: 'done' } });
        })
        .toBe(0);
    } finally {
      await other.close();
    }
    expect(await customerOf('mobile:+989121234567')).toBe(await customerOf('telegramUser:1001'));
    expect(await ctx.models.messages.countDocuments({ kind: 'message', imported: false })).toBe(13);
    const active = (await conversations()).filter((one) => one.status === 'open' || one.status === 'snoozed');
    expect(active).toHaveLength(1);
  });
});

describe('an agent', () => {
  it('links with a reason, and the survivor is the customer whose page they are on', async () => {
    const { older, newer } = await twoSides();
    const { customer: survivor } = await mergeByAgent(ctx, admin, {
      intoId: newer.customerId,
      otherId: older.customerId,
      reason: 'She said so on the phone',
    });
    expect(survivor._id).toBe(newer.customerId);
    expect(await ctx.models.links.find({}).lean()).toMatchObject([
      { byUserId: 'user-1', proof: 'agent', reason: 'She said so on the phone', identityId: null },
    ]);
    const { customer: again } = await mergeByAgent(ctx, admin, {
      intoId: older.customerId,
      otherId: newer.customerId,
      reason: 'again',
    });
    expect(again._id).toBe(newer.customerId);
    expect(await ctx.models.links.countDocuments({})).toBe(1);
  });

  it('links links: the journal is a tree, and the root has every member', async () => {
    const { older, newer } = await twoSides();
    const third = person('2002');
    await deliver(ctx, telegram, [written(third, 'me too')]);
    const thirdId = await customerOf('telegramUser:2002');
    await mergeByAgent(ctx, admin, { intoId: older.customerId, otherId: newer.customerId, reason: 'one' });
    await mergeByAgent(ctx, admin, { intoId: thirdId, otherId: newer.customerId, reason: 'two' });
    const root = await customerNow(thirdId);
    expect([...root.members].sort()).toEqual([thirdId, older.customerId, newer.customerId].sort());
    expect((await customerNow(older.customerId)).mergedInto).toBe(thirdId);
    expect((await customerNow(newer.customerId)).mergedInto).toBe(older.customerId);
    expect(new Set((await ctx.models.identities.find({}).lean()).map((one) => one.customerId))).toEqual(
      new Set([thirdId]),
    );
  });

  it('sees neither side that has no channel of theirs, and says who may not', async () => {
    const { older, newer } = await twoSides();
    const both = { intoId: newer.customerId, otherId: older.customerId, reason: 'x' };
    const one: Viewer = { id: 'user-2', role: 'agent', channelIds: [telegram._id], teamIds: [] };
    await expect(mergeByAgent(ctx, one, both)).rejects.toMatchObject({ code: 'notFound' });
    await expect(mergeByAgent(ctx, admin, { ...both, otherId: '1234567890' })).rejects.toMatchObject({
      code: 'notFound',
    });
    await expect(mergeByAgent(ctx, admin, { ...both, otherId: both.intoId })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(await ctx.models.links.countDocuments({})).toBe(0);
    const two: Viewer = { ...one, channelIds: [telegram._id, sms._id] };
    expect((await mergeByAgent(ctx, two, both)).customer._id).toBe(newer.customerId);
  });

  it('and a proof at the same moment make one link', async () => {
    const { older, newer } = await twoSides();
    const other = await ctx.sibling();
    try {
      await Promise.all([
        mergeByAgent(ctx, admin, { intoId: older.customerId, otherId: newer.customerId, reason: 'x' }),
        deliver(other, telegram, [written(tele, '', { proves: [proof] })]),
      ]);
      await drain(ctx);
    } finally {
      await other.close();
    }
    expect(await ctx.models.links.countDocuments({})).toBe(1);
  });
});

describe('the preview of a merge', () => {
  it('shows both, whose fields would stay, what becomes of their conversations, and what to look at first', async () => {
    const { older, newer } = await twoSides();
    await updateCustomer(ctx, admin, {
      id: older.customerId,
      change: { city: 'Yazd', birthday: '1990-01-02' },
    });
    await updateCustomer(ctx, admin, { id: newer.customerId, change: { birthday: '1991-03-21' } });
    await blockIdentity(ctx, admin, { identityId: 'telegramUser:1001', blocked: true });
    const both = { intoId: newer.customerId, otherId: older.customerId };
    expect(await previewMerge(ctx, admin, both)).toMatchObject({
      survivor: {
        id: newer.customerId,
        name: 'Sara Example',
        conversations: 1,
        activeId: newer._id,
        identities: [{ id: 'telegramUser:1001', blocked: true }],
      },
      other: { id: older.customerId, identities: [{ id: 'mobile:+989121234567' }] },
      fields: [
        { field: 'name', survivor: 'Sara Example', other: '+989121234567', chosen: 'survivor' },
        { field: 'birthday', survivor: '1991-03-21', other: '1990-01-02', chosen: 'survivor', differs: true },
        { field: 'city', survivor: '', other: 'Yazd', chosen: 'other' },
      ],
      active: { staysId: newer._id, endsId: older._id },
      warnings: ['birthdays', 'blocked', 'bothActive'],
    });
    const { customer, linkId } = await mergeByAgent(ctx, admin, {
      ...both,
      reason: 'one person',
      winners: { birthday: 'other' },
    });
    expect(customer).toMatchObject({
      name: 'Sara Example',
      profile: { birthday: '1990-01-02', city: 'Yazd' },
    });
    const edits = await ctx.models.edits.find({ by: 'merge' }).sort({ field: 1 }).lean();
    expect(edits).toMatchObject([
      { customerId: newer.customerId, field: 'birthday', before: '1991-03-21', after: '1990-01-02' },
      { customerId: newer.customerId, field: 'city', before: '', after: 'Yazd' },
    ]);
    await expect(previewMerge(ctx, admin, both)).rejects.toMatchObject({ code: 'invalid' });
    await unmergeByAgent(ctx, admin, { customerId: customer._id, linkId: linkId ?? '' });
    expect(await customerNow(newer.customerId)).toMatchObject({
      profile: { birthday: '1991-03-21', city: '' },
    });
    expect((await previewMerge(ctx, admin, both)).warnings).toContain('separatedBefore');
  });

  it('refuses what is no winner, and who may not see both', async () => {
    const { older, newer } = await twoSides();
    const both = { intoId: newer.customerId, otherId: older.customerId };
    await expect(
      mergeByAgent(ctx, admin, { ...both, reason: 'x', winners: { tagIds: 'other' } }),
    ).rejects.toMatchObject({ code: 'invalid' });
    const one: Viewer = { id: 'user-2', role: 'agent', channelIds: [telegram._id], teamIds: [] };
    await expect(previewMerge(ctx, one, both)).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('finding a customer', () => {
  const found = async (query: string, viewer = admin) =>
    (await searchCustomers(ctx, viewer, { query, limit: 10 })).map(({ customer }) => customer.name);

  it('goes by prefixes of the name, in any letter forms, by number in any spelling, and by address', async () => {
    await deliver(ctx, telegram, [
      written(person('77', { name: 'علی رضایی', display: '@ali_rezaei' }), 'سلام'),
    ]);
    await deliver(ctx, sms, [written(mobile, 'hi')]);
    expect(await found('علي رضا')).toEqual(['علی رضایی']);
    expect(await found('@ali')).toEqual(['علی رضایی']);
    expect(await found('ali_re')).toEqual(['علی رضایی']);
    for (const number of ['09121234567', '۰۹۱۲ ۱۲۳', '+98912', '9121234', '0098912123', '98912'])
      expect(await found(number), number).toEqual(['+989121234567']);
    expect(await found('رضا علی')).toEqual(['علی رضایی']);
    expect(await found('حسین')).toEqual([]);
    expect(await found('(.*')).toEqual([]);
  });

  it('shows only who wrote on a channel of the viewer', async () => {
    await deliver(ctx, telegram, [written(tele, 'hi')]);
    expect(await found('sara', { id: 'u', role: 'agent', channelIds: [sms._id], teamIds: [] })).toEqual([]);
    expect(await found('sara', { id: 'u', role: 'agent', channelIds: [telegram._id], teamIds: [] })).toEqual([
      'Sara Example',
    ]);
  });

  it('follows a new name, which no channel overwrites', async () => {
    await deliver(ctx, telegram, [written(person('5'), 'hi')]);
    const id = await customerOf('telegramUser:5');
    expect(
      (await updateCustomer(ctx, admin, { id, change: { name: ' Navid\u202E  Example ' } })).customer,
    ).toMatchObject({ name: 'Navid Example' });
    await deliver(ctx, telegram, [written(person('5', { name: 'Another' }), 'hi')]);
    expect(await found('navid')).toEqual(['Navid Example']);
    expect(await found('@5')).toEqual(['Navid Example']);
  });
});
