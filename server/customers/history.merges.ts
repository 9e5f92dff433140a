import type { Viewer } from '../../shared/access.ts';
import type { HistoryMerge } from '../../shared/history.ts';
import type { Context } from '../context.ts';
import type { LinkDoc } from './customer.model.ts';
import { seesCustomer } from './customer.service.ts';
import { survivorsOf } from './customer.survivor.ts';
import { beyondOf } from './history.few.ts';
import type { HistorySource } from './history.source.ts';

/** People who were joined, and who were separated again: that stands in the history of both. */
export const merges: HistorySource = {
  rank: 2,
  kinds: ['merge'],
  async page(ctx, { viewer, customer, channelId, has }, options) {
    if (channelId) return [];
    const theirs = { $in: customer.members };
    const links = await ctx.models.links
      .find({ $or: [{ survivorId: theirs }, { mergedId: theirs }] })
      .lean<LinkDoc[]>()
      .exec();
    const others = links
      .flatMap(({ survivorId, mergedId }) => [survivorId, mergedId])
      .filter((id) => !customer.members.includes(id));
    const unseen = await unseenOf(ctx, viewer, others);
    return beyondOf(
      links
        .flatMap((link) => toldOf(link, unseen))
        .filter(({ merge }) => !has || has(textOf(merge)))
        .map(({ id, at, merge }) => ({
          at,
          own: [id],
          entry: { kind: 'merge', id, at: at.toISOString(), merge },
        })),
      options,
    );
  },
};

/** Those of them whom the viewer does not see, now that they are somebody else. */
async function unseenOf(ctx: Context, viewer: Viewer, ids: readonly string[]): Promise<Set<string>> {
  const today = await survivorsOf(ctx, ids);
  const each = await Promise.all(
    [...new Set(ids)].map(async (id) => ((await seesCustomer(ctx, viewer, today.get(id) ?? id)) ? [] : [id])),
  );
  return new Set(each.flat());
}

/** What a link says: that they were merged, and where it was taken back, that too. */
function toldOf(link: LinkDoc, unseen: ReadonlySet<string>): { id: string; at: Date; merge: HistoryMerge }[] {
  const { _id, survivorId, mergedId, before, proof, undone } = link;
  const shown = (id: string, text: string) => (unseen.has(id) ? '' : text);
  const merge: HistoryMerge = {
    undone: false,
    survivorId: shown(survivorId, survivorId),
    mergedId: shown(mergedId, mergedId),
    survivorName: shown(survivorId, before.survivor.name),
    mergedName: shown(mergedId, before.merged.name),
    byUserId: link.byUserId,
    proof,
    reason: link.reason,
  };
  const made = { id: _id, at: link.at, merge };
  if (!undone) return [made];
  const back = { ...merge, undone: true, byUserId: undone.byUserId, reason: '' };
  return [made, { id: `${_id}:undone`, at: undone.at, merge: back }];
}

const textOf = ({ survivorId, mergedId, survivorName, mergedName, reason }: HistoryMerge) =>
  [survivorName, mergedName, survivorId, mergedId, reason].join('\n');
