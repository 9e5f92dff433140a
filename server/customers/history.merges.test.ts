import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { HistoryEntry } from '../../shared/history.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import { mergeByAgent } from './customer.merge.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import { matcherOf } from './history.query.ts';
import { type HistoryOptions, history } from './history.ts';

let ctx: TestContext;
let one: string;
let other: string;
let onOne: Viewer;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  const lines = [
    await ctx.addChannel({ connector: 'plain', accountRef: 'plain' }),
    await ctx.addChannel({ connector: 'plain', accountRef: 'plain' }),
  ] as const;
  await deliver(ctx, lines[0], [written(person('1', { name: 'Sara' }), 'hello')]);
  await deliver(ctx, lines[1], [written(person('2', { name: 'Reza' }), 'hello')]);
  one = (await ctx.models.identities.findById('telegramUser:1').lean())?.customerId ?? '';
  other = (await ctx.models.identities.findById('telegramUser:2').lean())?.customerId ?? '';
  onOne = { id: 'user-2', role: 'agent', channelIds: [lines[0]._id], teamIds: [] };
});

/** Merged, and taken back. @returns the link's id */
async function backAndForth(reason: string): Promise<string> {
  const { linkId } = await mergeByAgent(ctx, admin, { intoId: one, otherId: other, reason });
  if (!linkId) throw new Error('They were one already.');
  await unmergeByAgent(ctx, { ...admin, id: 'user-9' }, { customerId: one, linkId });
  return linkId;
}

type More = Partial<HistoryOptions> & { viewer?: Viewer };

async function mergesOf(customerId: string, more: More = {}): Promise<HistoryEntry[]> {
  const { viewer = admin, ...rest } = more;
  const all: HistoryEntry[] = [];
  for (let cursor: string | null = null, begun = false; !begun || cursor; begun = true) {
    const page = await history(ctx, viewer, {
      customerId,
      edge: cursor ? { at: 'before', cursor } : { at: 'newest' },
      limit: 50,
      kinds: ['merge'],
      channelId: null,
      has: null,
      ...rest,
    });
    all.push(...page.entries);
    cursor = page.before;
  }
  return all;
}

describe('a merge that was taken back', () => {
  it('stands in the history of both with its undo, each at its time, however often', async () => {
    const [first, second] = [await backAndForth('one person'), await backAndForth('surely one')];
    const names = { survivorId: one, mergedId: other, survivorName: 'Sara', mergedName: 'Reza' };
    const made = { ...names, undone: false, byUserId: 'user-1' };
    const back = { ...names, undone: true, byUserId: 'user-9', reason: '' };
    for (const customerId of [one, other])
      for (const limit of [1, 50])
        expect(await mergesOf(customerId, { limit })).toMatchObject([
          { id: `${second}:undone`, kind: 'merge', merge: back },
          { id: second, kind: 'merge', merge: { ...made, reason: 'surely one' } },
          { id: `${first}:undone`, kind: 'merge', merge: back },
          { id: first, kind: 'merge', merge: { ...made, reason: 'one person' } },
        ]);
    const links = await ctx.models.links.find({}).sort({ at: -1 }).lean();
    expect((await mergesOf(one)).map(({ at }) => at)).toEqual(
      links.flatMap(({ at, undone }) => [undone?.at.toISOString(), at.toISOString()]),
    );
  });

  it('is entered between the two', async () => {
    const linkId = await backAndForth('one person');
    const undone = await ctx.models.links.findById(linkId).lean();
    const edge = { at: 'around', time: undone?.undone?.at ?? new Date(0) } as const;
    const { entries, before, after } = await history(ctx, admin, {
      ...{ customerId: other, edge, limit: 2, kinds: ['merge'], channelId: null, has: null },
    });
    expect(entries.map(({ id }) => id)).toEqual([`${linkId}:undone`, linkId]);
    expect([before, after]).toEqual([null, null]);
  });

  it('does not name the other to whoever does not see them any more', async () => {
    await backAndForth('one person');
    const unnamed = { survivorId: one, survivorName: 'Sara', mergedId: '', mergedName: '' };
    expect(await mergesOf(one, { viewer: onOne })).toMatchObject([
      { merge: { ...unnamed, undone: true } },
      { merge: { ...unnamed, undone: false } },
    ]);
    expect(await mergesOf(one, { viewer: onOne, has: matcherOf('Reza') })).toEqual([]);
    await expect(mergesOf(other, { viewer: onOne })).rejects.toMatchObject({ code: 'notFound' });
  });

  it('is found by the names and numbers of both, and by its reason', async () => {
    const linkId = await backAndForth('یک نفرند');
    const found = async (q: string) =>
      (await mergesOf(one, { has: matcherOf(q) })).map(({ id }) => id.slice(linkId.length));
    expect(await found('reza')).toEqual([':undone', '']);
    expect(await found(other)).toEqual([':undone', '']);
    expect(await found('يك نفرند')).toEqual(['']);
    expect(await found('somebody')).toEqual([]);
  });
});
