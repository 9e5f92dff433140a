import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { Identity } from '../../shared/customer.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { checkInvariants } from '../db/invariants.ts';
import { acceptClaim, dismissClaim } from './claim.ts';
import { presentIdentity } from './customer.presenter.ts';
import { searchCustomers } from './customer.search.ts';
import { getCustomer } from './customer.service.ts';
import { history } from './history.ts';
import { addIdentityByAgent } from './identity.add.ts';
import { blockIdentity } from './identity.block.ts';
import { markIdentity } from './identity.reach.ts';
import { removeIdentity } from './identity.remove.ts';
import { listEdits, undoEdit } from './profile.service.ts';

let ctx: TestContext;
let telegram: ChannelDoc;
let line: ChannelDoc;
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
const agent: Viewer = { id: 'agent-1', role: 'agent', channelIds: 'all', teamIds: [] };
const sara = person('1001', { name: 'Sara Example' });
const mobile = person('+989121234567', { kind: 'mobile', display: '+989121234567' });
const reason = 'She said so on the phone';

/** Writes to anybody, as a line or a mailbox does. */
const open = {
  ...plain,
  manifest: {
    ...plain.manifest,
    id: 'open',
    capabilities: {
      ...plain.manifest.capabilities,
      canStart: 'anyone' as const,
      kinds: ['mobile' as const, 'emailAddress' as const],
    },
  },
};

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain, open } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  telegram = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  line = await ctx.addChannel({ connector: 'open', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

/** Sara wrote on Telegram. @returns her CID */
async function known(): Promise<string> {
  await deliver(ctx, telegram, [written(sara, 'hello')]);
  return ownerOf('telegramUser:1001');
}
const ownerOf = async (id: string) => (await ctx.models.identities.findById(id).lean())?.customerId ?? '';
const add = (
  customerId: string,
  kind: 'mobile' | 'emailAddress' | 'nationalCode' | 'username',
  value: string,
) => addIdentityByAgent(ctx, agent, { customerId, kind, value, reason });
const shown = async (customerId: string, id: string) =>
  (await getCustomer(ctx, agent, customerId)).identities.find((one) => one.id === id);

describe('an identity that an agent adds', () => {
  it('is stated, with whose word it is and why, in its one spelling', async () => {
    const cid = await known();
    const after = await add(cid, 'mobile', '۰۹۱۲ ۱۲۳ ۴۵ ۶۷');
    expect(after.identities.find((one) => one.kind === 'mobile')).toMatchObject({
      id: 'mobile:+989121234567',
      proof: 'agent',
      verified: false,
      source: { by: 'user', id: agent.id },
      reason,
      lastSeenAt: null,
      removable: true,
    });
    expect(after.identities.find((one) => one.kind === 'telegramUser')).toMatchObject({
      proof: 'transport',
      verified: true,
      source: { by: 'channel', id: telegram._id },
      removable: false,
    });
  });

  it('again is no news, in whatever spelling', async () => {
    const cid = await known();
    const first = await add(cid, 'mobile', '09121234567');
    expect((await add(cid, 'mobile', '+98 912 123 4567')).version).toBe(first.version);
  });

  it.each([
    ['an SMS', mobile, 'mobile', '09121234567'],
    [
      'a mail',
      person('sara@example.com', { kind: 'emailAddress', display: 'sara@example.com' }),
      'emailAddress',
      'Sara@Example.com',
    ],
  ] as const)('recognises who really writes: %s', async (_, sender, kind, value) => {
    const cid = await known();
    await add(cid, kind, value);
    await deliver(ctx, line, [written(sender, 'it is me')]);
    expect(await ctx.models.customers.countDocuments({})).toBe(1);
    expect(await ctx.models.conversations.countDocuments({ customerId: cid })).toBe(1);
    expect(await shown(cid, `${kind}:${sender.value}`)).toMatchObject({
      proof: 'transport',
      verified: true,
      source: { by: 'channel', id: line._id },
      removable: false,
    });
  });

  it.each(['sharedContact', 'signed'] as const)(
    'is verified where it is by a proof of another kind: %s',
    async (proof) => {
      const cid = await known();
      await add(cid, 'mobile', '09121234567');
      const proves = [{ kind: 'mobile' as const, value: '+989121234567', display: '+989121234567', proof }];
      await deliver(ctx, telegram, [written(sara, 'here it is', { proves })]);
      expect(await shown(cid, 'mobile:+989121234567')).toMatchObject({
        proof,
        verified: true,
        source: { by: 'channel', id: telegram._id },
        removable: false,
      });
      // What is proven stays proven as it was first.
      await deliver(ctx, line, [written(mobile, 'and by SMS')]);
      expect(await shown(cid, 'mobile:+989121234567')).toMatchObject({ proof });
    },
  );

  it('that is malformed is refused with what would be right', async () => {
    const cid = await known();
    await expect(add(cid, 'nationalCode', '0123456788')).rejects.toMatchObject({
      code: 'invalid',
      body: { fields: { value: expect.stringContaining('check digit') }, data: { suggestion: null } },
    });
    await expect(add(cid, 'nationalCode', '12345679')).rejects.toMatchObject({
      body: { fields: { value: expect.stringContaining('0012345679') }, data: { suggestion: '0012345679' } },
    });
    await expect(add(cid, 'mobile', '02188776655')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('that another customer has is not taken: the answer says whose it is', async () => {
    const cid = await known();
    await deliver(ctx, line, [written({ ...mobile, name: 'Reza Example' }, 'hello')]);
    const other = await ownerOf('mobile:+989121234567');
    await expect(add(cid, 'mobile', '09121234567')).rejects.toMatchObject({
      code: 'conflict',
      reason: 'identityOwned',
      body: {
        data: { customer: { id: other, name: 'Reza Example' } },
        message: expect.stringContaining('merge'),
      },
    });
    const narrow: Viewer = { ...agent, channelIds: [telegram._id] };
    await expect(
      addIdentityByAgent(ctx, narrow, { customerId: cid, kind: 'mobile', value: '09121234567', reason }),
    ).rejects.toMatchObject({ reason: 'identityOwned', body: { data: { customer: null } } });
  });

  it('is found by search, and gone from it when it is taken away', async () => {
    const cid = await known();
    const find = async (query: string) =>
      (await searchCustomers(ctx, agent, { query, limit: 5 })).map((one) => one.customer._id);
    await add(cid, 'username', 'sara.ex');
    await add(cid, 'mobile', '09121234567');
    expect(await find('sara.ex')).toEqual([cid]);
    expect(await find('0912123')).toEqual([cid]);
    await removeIdentity(ctx, agent, { customerId: cid, identityId: 'mobile:+989121234567' });
    expect(await find('0912123')).toEqual([]);
    expect(await find('Sara')).toEqual([cid]);
    // Whoever writes from it is somebody new again.
    await deliver(ctx, line, [written(mobile, 'hello')]);
    expect(await ownerOf('mobile:+989121234567')).not.toBe(cid);
  });

  it('stays once somebody wrote from it, or a conversation was begun there', async () => {
    const cid = await known();
    await add(cid, 'mobile', '09121234567');
    await deliver(ctx, line, [written(mobile, 'hello')]);
    const removed = (identityId: string) => removeIdentity(ctx, agent, { customerId: cid, identityId });
    await expect(removed('mobile:+989121234567')).rejects.toMatchObject({ reason: 'identityInUse' });
    await expect(removed('telegramUser:1001')).rejects.toMatchObject({ reason: 'identityInUse' });
    await expect(removed('mobile:+989120000000')).rejects.toMatchObject({ code: 'notFound' });
    await deliver(ctx, telegram, [written(person('2002'), 'another')]);
    const other = await ownerOf('telegramUser:2002');
    await add(other, 'emailAddress', 'reza@example.com');
    const [conversation] = await ctx.models.conversations.find({ customerId: other }).lean();
    await resolveConversation(ctx, agent, { conversationId: conversation?._id ?? '' });
    await beginConversation(ctx, agent, {
      channelId: line._id,
      customerId: other,
      identityId: 'emailAddress:reza@example.com',
    });
    await expect(
      removeIdentity(ctx, agent, { customerId: other, identityId: 'emailAddress:reza@example.com' }),
    ).rejects.toMatchObject({ reason: 'identityInUse' });
  });

  it('taken away while its owner writes ends in one of two ways, and never in a message of nobody', async () => {
    const cid = await known();
    for (let round = 0; round < 5; round += 1) {
      const number = `+98912123450${round}`;
      await add(cid, 'mobile', number);
      const [removal] = await Promise.allSettled([
        removeIdentity(ctx, agent, { customerId: cid, identityId: `mobile:${number}` }),
        deliver(ctx, line, [written(person(number, { kind: 'mobile', display: number }), 'hello')]),
      ]);
      expect((await ownerOf(`mobile:${number}`)) === cid).toBe(removal.status === 'rejected');
    }
  });

  it('is in the journal with whose word it was, and taking it away is truly undone', async () => {
    const cid = await known();
    const editsOf = async () =>
      (await listEdits(ctx, agent, { id: cid, after: null, limit: 50 })).edits.filter(({ field }) =>
        field.startsWith('identities.mobile'),
      );
    const told = async () =>
      (await editsOf()).map(({ by, byUserId, before, after }) => [
        by,
        byUserId,
        (before as Identity | null)?.proof ?? null,
        (after as Identity | null)?.proof ?? null,
      ]);
    const undo = (editId: string) => undoEdit(ctx, admin, { id: cid, editId });
    await add(cid, 'mobile', '09121234567');
    const id = 'mobile:+989121234567';
    const stated = await ctx.models.identities.findById(id).lean();
    const { edits } = await removeIdentity(ctx, admin, { customerId: cid, identityId: id });
    expect(await told()).toEqual([
      ['agent', 'admin', 'agent', null],
      ['agent', agent.id, null, 'agent'],
    ]);
    const [removal] = edits;
    const { customer } = await undo(removal?.id ?? '');
    expect(customer.identities.find((one) => one.id === id)).toMatchObject({
      proof: 'agent',
      source: { by: 'user', id: agent.id },
      reason,
      provenAt: stated?.provenAt.toISOString(),
    });
    expect((await searchCustomers(ctx, agent, { query: '0912123', limit: 5 })).length).toBe(1);
    await expect(undo(removal?.id ?? '')).rejects.toMatchObject({ reason: 'stateChanged' });
    // Adding is undone by taking it away, and that by adding it again.
    const [restored] = await editsOf();
    expect(restored).toMatchObject({ undoes: removal?.id, before: null });
    await undo(restored?.id ?? '');
    expect(await ownerOf(id)).toBe('');
    await undo((await editsOf())[0]?.id ?? '');
    expect(await ctx.models.identities.findById(id).lean()).toMatchObject({
      provenAt: stated?.provenAt,
      source: { by: 'user', id: agent.id },
    });
  });

  it('blocked, marked or proven is in the journal too, and the history keeps when it was stated', async () => {
    const cid = await known();
    const newest = async () => (await listEdits(ctx, agent, { id: cid, after: null, limit: 1 })).edits[0];
    const identity = async () => ctx.models.identities.findById('mobile:+989121234567').lean();
    await add(cid, 'mobile', '09121234567');
    const statedAt = (await identity())?.provenAt.toISOString();
    const identityId = 'mobile:+989121234567';
    await blockIdentity(ctx, agent, { identityId, blocked: true });
    const blocking = await newest();
    expect(blocking).toMatchObject({
      byUserId: agent.id,
      before: { blocked: false },
      after: { blocked: true },
    });
    await undoEdit(ctx, admin, { id: cid, editId: blocking?.id ?? '' });
    expect((await identity())?.blocked).toBe(false);
    expect(await newest()).toMatchObject({ byUserId: 'admin', undoes: blocking?.id });
    await expect(undoEdit(ctx, admin, { id: cid, editId: blocking?.id ?? '' })).rejects.toMatchObject({
      reason: 'stateChanged',
    });
    await markIdentity(ctx, agent, { identityId, unreachable: true });
    const marking = await newest();
    expect(marking).toMatchObject({ before: { unreachable: false }, after: { unreachable: true } });
    await undoEdit(ctx, admin, { id: cid, editId: marking?.id ?? '' });
    expect((await identity())?.unreachable).toBe(false);
    await deliver(ctx, line, [written(mobile, 'hello')]);
    const proof = await newest();
    expect(proof).toMatchObject({ by: 'channel', before: { proof: 'agent' }, after: { proof: 'transport' } });
    await expect(undoEdit(ctx, admin, { id: cid, editId: proof?.id ?? '' })).rejects.toMatchObject({
      code: 'invalid',
    });
    const page = await history(ctx, agent, {
      customerId: cid,
      edge: { at: 'newest' },
      limit: 50,
      kinds: ['verification', 'edit'],
      channelId: null,
      has: null,
    });
    const words = page.entries.flatMap((entry) =>
      'verification' in entry && entry.verification.id === identityId
        ? [[entry.at === statedAt, entry.verification.proof, entry.verification.source?.id]]
        : [],
    );
    expect(words).toEqual([
      [false, 'transport', line._id],
      [true, 'agent', agent.id],
    ]);
    // What was stated and proven is told once: as that.
    expect(page.entries.filter(({ kind }) => kind === 'edit')).toHaveLength(4);
  });

  it('is for those who may, of customers they may see', async () => {
    const cid = await known();
    const narrow: Viewer = { ...agent, channelIds: [line._id] };
    const theirs = { customerId: cid, kind: 'mobile' as const, value: '09121234567', reason };
    await expect(addIdentityByAgent(ctx, narrow, theirs)).rejects.toMatchObject({ code: 'notFound' });
    await expect(
      removeIdentity(ctx, narrow, { customerId: cid, identityId: 'telegramUser:1001' }),
    ).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('a national code', () => {
  it('is whole on the customer’s page and masked in lists, in its id too', async () => {
    const cid = await known();
    await add(cid, 'nationalCode', '۰۱۲۳۴۵۶۷۸۹');
    expect(await shown(cid, 'nationalCode:0123456789')).toMatchObject({ value: '0123456789', masked: false });
    const doc = await ctx.models.identities.findById('nationalCode:0123456789').lean();
    if (!doc) throw new Error('It was not stored.');
    const listed = presentIdentity(doc);
    expect(listed).toMatchObject({ value: '•••••••789', display: '•••••••789', masked: true });
    expect(JSON.stringify(listed)).not.toContain('0123456');
    const found = await searchCustomers(ctx, agent, { query: '0123456789', limit: 5 });
    expect(found.map((one) => one.customer._id)).toEqual([cid]);
  });
});

describe('a claim', () => {
  const claims = [{ kind: 'mobile' as const, value: '+989121234567', source: 'contact' }];
  const claimed = async () => {
    await deliver(ctx, telegram, [written(sara, 'my number', { claims })]);
    const cid = await ownerOf('telegramUser:1001');
    const [claim] = (await getCustomer(ctx, agent, cid)).claims;
    if (!claim) throw new Error('There is no claim.');
    return { cid, claim };
  };

  it('suggests who owns it, and makes no link', async () => {
    await deliver(ctx, line, [written(mobile, 'hello')]);
    const other = await ownerOf('mobile:+989121234567');
    const { cid, claim } = await claimed();
    expect(claim).toMatchObject({ suggestsCustomerId: other, verifiable: true });
    expect(other).not.toBe(cid);
    expect(await ctx.models.links.countDocuments({})).toBe(0);
  });

  it('that was dismissed is suggested no more, also when it is made again, until that is taken back', async () => {
    const { cid, claim } = await claimed();
    expect((await dismissClaim(ctx, agent, { id: claim.id, dismissed: true })).claims).toEqual([]);
    await deliver(ctx, telegram, [written(sara, 'my number again', { claims })]);
    expect((await getCustomer(ctx, agent, cid)).claims).toEqual([]);
    expect((await dismissClaim(ctx, agent, { id: claim.id, dismissed: false })).claims).toHaveLength(1);
  });

  it('that an agent takes at its word becomes an identity, stated by the agent', async () => {
    const { cid, claim } = await claimed();
    const after = await acceptClaim(ctx, agent, { id: claim.id, reason });
    expect(after.identities.find((one) => one.kind === 'mobile')).toMatchObject({ proof: 'agent', reason });
    expect(after.claims).toEqual([]);
    await deliver(ctx, line, [written(mobile, 'hello')]);
    expect(await ownerOf('mobile:+989121234567')).toBe(cid);
  });

  it('on what another customer has is not accepted: the two are to be merged', async () => {
    await deliver(ctx, line, [written(mobile, 'hello')]);
    const { claim } = await claimed();
    await expect(acceptClaim(ctx, agent, { id: claim.id, reason })).rejects.toMatchObject({
      reason: 'identityOwned',
      body: { data: { customer: { id: await ownerOf('mobile:+989121234567') } } },
    });
  });
});
