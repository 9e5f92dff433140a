import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { unprovenKinds } from '../../shared/customer.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { listCustomers } from './customer.list.ts';
import { mergeByAgent } from './customer.merge.ts';
import type { IdentityDoc } from './customer.model.ts';
import { getCustomer } from './customer.service.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import type { FactsDoc } from './facts.model.ts';
import { workFacts } from './facts.worker.ts';
import { history } from './history.ts';
import { addIdentityByAgent } from './identity.add.ts';
import { removeIdentity } from './identity.remove.ts';
import { verifyByAgent } from './identity.verify.ts';
import { listEdits, undoEdit } from './profile.service.ts';

let ctx: TestContext;
let telegram: ChannelDoc;
let line: ChannelDoc;
const nora: Viewer = { id: 'nora', role: 'agent', channelIds: 'all', teamIds: [] };
const omid: Viewer = { id: 'omid', role: 'agent', channelIds: 'all', teamIds: [] };
const code = 'nationalCode:0123456789';
const why = 'I saw her identity card';

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  telegram = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  line = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

/** Somebody wrote on Telegram. @returns their CID */
async function met(value: string): Promise<string> {
  await deliver(ctx, telegram, [written(person(value), 'hello')]);
  return (await stored(`telegramUser:${value}`)).customerId;
}
async function stored(id: string): Promise<IdentityDoc> {
  const found = await ctx.models.identities.findById(id).lean<IdentityDoc>();
  if (!found) throw new Error(`There is no identity ${id}.`);
  return found;
}
const state = (customerId: string, kind: 'nationalCode' | 'mobile', value: string) =>
  addIdentityByAgent(ctx, nora, { customerId, kind, value, reason: 'She told us' });
const verify = (customerId: string, identityId = code) =>
  verifyByAgent(ctx, omid, { customerId, identityId, reason: why });
const shown = async (customerId: string, id = code) =>
  (await getCustomer(ctx, nora, customerId)).identities.find((one) => one.id === id);
const newest = async (id: string) => (await listEdits(ctx, nora, { id, after: null, limit: 1 })).edits[0];
const undo = (id: string, editId: string | undefined) => undoEdit(ctx, nora, { id, editId: editId ?? '' });
const words = ({ proof, provenAt, source, reason }: IdentityDoc) => ({ proof, provenAt, source, reason });
async function facts(id: string): Promise<FactsDoc | null> {
  await workFacts(ctx, new AbortController().signal);
  return ctx.models.facts.findById(id).lean<FactsDoc>();
}

describe('an identity that a colleague stands by', () => {
  it('is verified, and says who did, when and why', async () => {
    const cid = await met('1001');
    const before = await state(cid, 'nationalCode', '0123456789');
    const heard: string[] = [];
    const stop = ctx.bus.on('customer.changed', ({ customerId }) => heard.push(customerId));
    const { customer, edits } = await verify(cid);
    stop();
    expect(customer.version).toBe(before.version + 1);
    expect(heard).toEqual([cid]);
    expect(customer.identities.find(({ id }) => id === code)).toMatchObject({
      proof: 'agentVerified',
      verified: true,
      source: { by: 'user', id: omid.id },
      reason: why,
      removable: false,
    });
    expect(edits).toMatchObject([
      {
        by: 'agent',
        byUserId: omid.id,
        before: { proof: 'agent', verified: false, reason: 'She told us', source: { id: nora.id } },
        after: { proof: 'agentVerified', verified: true, reason: why },
      },
    ]);
    expect(await facts(cid)).toMatchObject({ provenKinds: ['nationalCode', 'telegramUser'] });
    const page = await history(ctx, nora, {
      customerId: cid,
      edge: { at: 'newest' },
      limit: 50,
      kinds: ['verification', 'edit'],
      channelId: null,
      has: null,
    });
    expect(
      page.entries.flatMap((entry) =>
        'verification' in entry && entry.verification.kind === 'nationalCode'
          ? [[entry.verification.proof, entry.verification.source?.id, entry.verification.reason]]
          : [],
      ),
    ).toEqual([
      ['agentVerified', omid.id, why],
      ['agent', nora.id, 'She told us'],
    ]);
  });

  it('is verified once, and only of the customer who has it', async () => {
    const cid = await met('1001');
    const other = await met('2002');
    await state(cid, 'nationalCode', '0123456789');
    await expect(verify(other)).rejects.toMatchObject({ code: 'notFound' });
    await expect(verify(cid, 'username:nobody')).rejects.toMatchObject({ code: 'notFound' });
    await verify(cid);
    const first = await stored(code);
    await expect(verify(cid)).rejects.toMatchObject({ code: 'conflict' });
    await expect(verify(cid, 'telegramUser:1001')).rejects.toMatchObject({ code: 'conflict' });
    expect(await stored(code)).toEqual(first);
    const narrow: Viewer = { ...omid, channelIds: [line._id] };
    await expect(
      verifyByAgent(ctx, narrow, { customerId: cid, identityId: code, reason: why }),
    ).rejects.toMatchObject({ code: 'notFound' });
  });

  it('is verified by one of two who do it at once', async () => {
    const cid = await met('1001');
    await state(cid, 'nationalCode', '0123456789');
    const done = await Promise.allSettled([verify(cid), verify(cid)]);
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { edits } = await listEdits(ctx, nora, { id: cid, after: null, limit: 50 });
    expect(edits.filter(({ field }) => field === 'identities.nationalCode:•••••••789')).toHaveLength(2);
  });

  it('has its proof from before when that is undone, and undoing is undone too', async () => {
    const cid = await met('1001');
    await state(cid, 'nationalCode', '0123456789');
    const before = words(await stored(code));
    const { edits } = await verify(cid);
    const verified = words(await stored(code));
    await undo(cid, edits[0]?.id);
    expect(words(await stored(code))).toEqual(before);
    expect(await shown(cid)).toMatchObject({ verified: false, removable: true });
    expect(await newest(cid)).toMatchObject({ byUserId: nora.id, undoes: edits[0]?.id });
    expect((await facts(cid))?.provenKinds).toEqual(['telegramUser']);
    await expect(undo(cid, edits[0]?.id)).rejects.toMatchObject({ reason: 'stateChanged' });
    await undo(cid, (await newest(cid))?.id);
    expect(words(await stored(code))).toEqual(verified);
  });

  it('has nobody’s word again that it never had', async () => {
    const cid = await met('1001');
    await state(cid, 'nationalCode', '0123456789');
    await ctx.models.identities.updateOne({ _id: code }, { $unset: { source: 1, reason: 1 } });
    const { edits } = await verify(cid);
    await undo(cid, edits[0]?.id);
    const back = await stored(code);
    expect([back.proof, 'source' in back, 'reason' in back]).toEqual(['agent', false, false]);
  });

  it('is proven by its owner once they write from it, and that is not undone', async () => {
    const cid = await met('1001');
    const id = 'mobile:+989121234567';
    await state(cid, 'mobile', '09121234567');
    const { edits } = await verify(cid, id);
    await deliver(ctx, line, [
      written(person('+989121234567', { kind: 'mobile', display: '+989121234567' }), 'it is me'),
    ]);
    expect(await shown(cid, id)).toMatchObject({
      proof: 'transport',
      verified: true,
      source: { by: 'channel', id: line._id },
    });
    await expect(undo(cid, edits[0]?.id)).rejects.toMatchObject({ reason: 'stateChanged' });
    await expect(undo(cid, (await newest(cid))?.id)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('stays so through a merge and when that is taken back, and can be undone in between', async () => {
    const cid = await met('1001');
    const other = await met('2002');
    await state(cid, 'nationalCode', '0123456789');
    const { edits } = await verify(cid);
    const proof = words(await stored(code));
    const { linkId } = await mergeByAgent(ctx, nora, { intoId: other, otherId: cid, reason: 'one person' });
    expect(await shown(other)).toMatchObject({ proof: 'agentVerified', verified: true, reason: why });
    await undo(other, edits[0]?.id);
    expect(await shown(other)).toMatchObject({ proof: 'agent', verified: false });
    await undo(other, (await newest(other))?.id);
    await unmergeByAgent(ctx, nora, { customerId: other, linkId: linkId ?? '' });
    expect(await stored(code)).toMatchObject({ ...proof, customerId: cid });
    expect(await shown(cid)).toMatchObject({ verified: true });
  });
});

describe('what recognises nobody', () => {
  it.each(unprovenKinds)('is verified by nothing: %s', async (kind) => {
    const cid = await met('1001');
    const id = `${kind}:somebody`;
    const one = {
      ...(await stored('telegramUser:1001')),
      _id: id,
      kind,
      value: 'somebody',
      lastSeenAt: new Date(0),
    };
    await ctx.models.identities.collection.insertOne({ ...one, channelIds: [] } as never);
    expect(await shown(cid, id)).toMatchObject({ proof: 'transport', verified: false, removable: true });
    await ctx.models.factsDue.updateOne({ _id: cid }, { $inc: { due: 1 } }, { upsert: true });
    expect((await facts(cid))?.provenKinds).toEqual(['telegramUser']);
    await ctx.models.identities.updateOne({ _id: id }, { lastSeenAt: new Date(Date.now() + 60_000) });
    const { customers } = await listCustomers(ctx, nora, {
      segmentId: null,
      filter: null,
      sort: 'name',
      after: null,
      limit: 5,
    });
    expect(customers[0]?.contacts.map((one) => [one.kind, one.verified])).toEqual([
      ['telegramUser', true],
      [kind, false],
    ]);
    await ctx.models.identities.updateOne({ _id: id }, { lastSeenAt: new Date(0) });
    await expect(verify(cid, id)).rejects.toMatchObject({ code: 'invalid' });
    const { edits } = await removeIdentity(ctx, nora, { customerId: cid, identityId: id });
    expect(await shown(cid, id)).toBeUndefined();
    await undo(cid, edits[0]?.id);
    expect(await shown(cid, id)).toMatchObject({ verified: false });
  });

  it('is no news in the journal, however often somebody writes in that name', async () => {
    const sender = person('sara@example.com', { kind: 'unprovenAddress', display: 'sara@example.com' });
    await deliver(ctx, telegram, [written(sender, 'one')]);
    const { provenAt } = await stored('unprovenAddress:sara@example.com');
    await deliver(ctx, telegram, [written(sender, 'two')]);
    const after = await stored('unprovenAddress:sara@example.com');
    expect(after.provenAt).toEqual(provenAt);
    expect(await ctx.models.edits.countDocuments({ field: /^identities\./ })).toBe(0);
    // Its messages hang on it.
    await expect(
      removeIdentity(ctx, nora, { customerId: after.customerId, identityId: after._id }),
    ).rejects.toMatchObject({ reason: 'identityInUse' });
  });
});
