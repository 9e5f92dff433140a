import { may, type Viewer } from '../../shared/access.ts';
import type { RewardPage, RewardState } from '../../shared/reward.ts';
import type { Context } from '../context.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { canSeeFacts } from '../customers/customer.visible.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { invalid } from '../http/validate.ts';
import { mayNot } from '../users/user.create.ts';
import { givenBy } from './reward.limit.ts';
import type { RewardDoc } from './reward.model.ts';
import { presentRewards } from './reward.presenter.ts';

/** Lines of customers whom the viewer may not see are passed over, this many windows at most. */
const mostWindows = 20;

/** One window of the ledger, newest first: of one customer or of all whom the viewer sees. @throws AppError forbidden, notFound */
export async function listRewards(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string | null; state: RewardState | null; after: string | null; limit: number },
): Promise<RewardPage> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see rewards');
  const members = options.customerId
    ? (await readableCustomer(ctx, viewer, options.customerId)).members
    : null;
  const asked = {
    ...(members && { customerId: { $in: members } }),
    ...(options.state && { state: options.state }),
  };
  const found: RewardDoc[] = [];
  let cursor = options.after;
  let more = true;
  for (let n = 0; n < mostWindows && more && found.length <= options.limit; n += 1) {
    const window = await ctx.models.rewards
      .find({ ...asked, ...(cursor === null ? {} : beyond(cursor)) })
      .sort({ at: -1, _id: -1 })
      .limit(options.limit + 1)
      .lean<RewardDoc[]>()
      .exec();
    more = window.length > options.limit;
    found.push(...(members ? window : await visible(ctx, viewer, window)));
    const last = window.at(-1);
    if (last) cursor = cursorOf(last);
  }
  const page = found.slice(0, options.limit);
  const last = page.at(-1);
  const next = found.length > page.length ? last && cursorOf(last) : more ? cursor : null;
  return {
    rewards: await presentRewards(ctx, viewer, page),
    next: next ?? null,
    given: members ? await givenBy(ctx, { userId: viewer.id, members }) : null,
  };
}

async function visible(ctx: Context, viewer: Viewer, rewards: readonly RewardDoc[]): Promise<RewardDoc[]> {
  if (viewer.channelIds === 'all') return [...rewards];
  const ids = [...new Set(rewards.map(({ customerId }) => customerId))];
  const owners = await Promise.all(
    ids.map(async (id) => [id, (await survivorOf(ctx.models.customers, id))?._id] as const),
  );
  const facts = await ctx.models.facts
    .find({ _id: { $in: owners.flatMap(([, owner]) => (owner ? [owner] : [])) } }, { activity: 1 })
    .lean<Pick<FactsDoc, '_id' | 'activity'>[]>()
    .exec();
  const seen = new Set(facts.filter((one) => canSeeFacts(viewer, one)).map(({ _id }) => _id));
  const of = new Map(owners);
  return rewards.filter(({ customerId }) => seen.has(of.get(customerId) ?? ''));
}

const cursorOf = ({ at, _id }: RewardDoc) => Buffer.from(`${at.getTime()}:${_id}`).toString('base64url');

function beyond(cursor: string): Record<string, unknown> {
  const [, ms, id] = /^(\d{1,16}):(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const at = new Date(Number(ms));
  if (id === undefined || Number.isNaN(at.getTime()))
    throw invalid({ after: 'This is no cursor of this list.' });
  return { at: { $lte: at }, $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] };
}
