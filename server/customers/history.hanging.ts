import type { HistoryKind } from '../../shared/history.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { presentRecord } from '../records/record.presenter.ts';
import type { IdentityDoc, LinkDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
import type { EditDoc } from './edit.model.ts';
import { presentEdited } from './edit.presenter.ts';
import { beyondOf, byTime as fields } from './history.few.ts';
import { beyond, orderOf } from './history.place.ts';
import type { HistorySource } from './history.source.ts';

/** Purchases and services: of no channel, and read through the survivor's members. */
export const records: HistorySource = {
  rank: 1,
  kinds: ['purchase', 'service'],
  async page(ctx, { customer, kinds, channelId, has }, { bound, direction, limit }) {
    if (channelId) return [];
    const wanted = (['purchase', 'service'] as const).filter((kind) => kinds.has(kind));
    const found: RecordDoc[] = [];
    for (let from = bound; ; ) {
      const some = await ctx.models.records
        .find({
          customerId: { $in: customer.members },
          ...(wanted.length < 2 && { kind: { $in: wanted } }),
          ...beyond(from, direction, fields),
        })
        .sort(orderOf(direction, fields))
        .limit(limit)
        .lean<RecordDoc[]>()
        .exec();
      found.push(...some.filter((record) => !has || has(textOf(record))));
      const last = some.at(-1);
      if (!last || some.length < limit || found.length >= limit) break;
      from = { at: last.at, own: [last._id] };
    }
    return found.slice(0, limit).map((record) => ({
      at: record.at,
      own: [record._id],
      entry: {
        kind: record.kind,
        id: record._id,
        at: record.at.toISOString(),
        record: presentRecord(record, customer._id),
      },
    }));
  },
};

function textOf(record: RecordDoc): string {
  const items = record.items.flatMap(({ name, code }) => [name, code]);
  return [record.externalId ?? '', record.title, record.statusText, record.note, ...items].join('\n');
}

/** People who were joined; what was taken back again has left the history of both. */
export const merges: HistorySource = {
  rank: 2,
  kinds: ['merge'],
  async page(ctx, { customer, channelId, has }, options) {
    if (channelId || has || customer.members.length < 2) return [];
    const links = await ctx.models.links
      .find({ survivorId: { $in: customer.members }, undone: null })
      .lean<LinkDoc[]>()
      .exec();
    return beyondOf(
      links.map((link) => ({
        at: link.at,
        own: [link._id],
        entry: {
          kind: 'merge',
          id: link._id,
          at: link.at.toISOString(),
          merge: {
            survivorId: link.survivorId,
            mergedId: link.mergedId,
            survivorName: link.before.survivor.name,
            mergedName: link.before.merged.name,
            byUserId: link.byUserId,
            proof: link.proof,
            reason: link.reason,
          },
        },
      })),
      options,
    );
  },
};

/** When each of their identities was met, stated or proven: also what was stated before it was proven, and what was taken away since. */
export const verifications: HistorySource = {
  rank: 4,
  kinds: ['verification'] satisfies HistoryKind[],
  async page(ctx, { customer, channelId, has }, options) {
    if (has) return [];
    const identities = await ctx.models.identities
      .find({ customerId: customer._id, ...(channelId && { channelIds: channelId }) })
      .lean<IdentityDoc[]>()
      .exec();
    const were = await ctx.models.edits
      .find(
        { customerId: { $in: customer.members }, field: { $gte: 'identities.', $lt: 'identities/' } },
        { before: 1 },
      )
      .lean<{ before: IdentityDoc | null }[]>()
      .exec();
    const all = [...were.flatMap(({ before }) => before ?? []), ...identities].filter(
      ({ channelIds }) => !channelId || channelIds.includes(channelId),
    );
    const words = new Map(all.map((one) => [`${one.provenAt.getTime()}:${one._id}`, one]));
    return beyondOf(
      [...words].map(([own, identity]) => {
        const { id, kind, display, proof, source, reason } = presentIdentity(identity);
        return {
          at: identity.provenAt,
          own: [own],
          entry: {
            kind: 'verification',
            id: `verification:${identity.provenAt.getTime()}:${id}`,
            at: identity.provenAt.toISOString(),
            verification: { id, kind, display, proof, source, reason },
          },
        };
      }),
      options,
    );
  },
};

/** Who changed what of the profile, of identities and of records. */
export const edits: HistorySource = {
  rank: 3,
  kinds: ['edit'],
  async page(ctx, { customer, channelId, has }, { bound, direction, limit }) {
    if (channelId || has) return [];
    const found = await ctx.models.edits
      .find({ customerId: { $in: customer.members }, told: null, ...beyond(bound, direction, fields) })
      .sort(orderOf(direction, fields))
      .limit(limit)
      .lean<EditDoc[]>()
      .exec();
    return found.map((edit) => ({
      at: edit.at,
      own: [edit._id],
      entry: {
        kind: 'edit',
        id: edit._id,
        at: edit.at.toISOString(),
        edit: { ...presentEdited(edit), by: edit.by, byUserId: edit.byUserId, undoes: edit.undoes },
      },
    }));
  },
};
