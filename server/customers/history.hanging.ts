import type { HistoryKind } from '../../shared/history.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { presentRecord } from '../records/record.presenter.ts';
import type { IdentityDoc, LinkDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
import type { EditDoc } from './edit.model.ts';
import { type Bound, beyond, type Direction, orderOf } from './history.place.ts';
import type { Found, HistorySource } from './history.source.ts';

const fields = { at: 'at', own: ['_id'] } as const;

/** What a query with these sources' filters cannot do: of a few documents, those beyond a bound, in order. */
function beyondOf(
  found: Found[],
  { bound, direction, limit }: { bound: Bound | null; direction: Direction; limit: number },
): Found[] {
  const sign = direction === 'older' ? -1 : 1;
  const id = ({ own }: Pick<Found, 'own'>) => String(own[0]);
  const isBeyond = (one: Found) => {
    if (!bound) return true;
    const later = (one.at.getTime() - bound.at.getTime()) * sign;
    if (later !== 0) return later > 0;
    if (typeof bound.own === 'string') return bound.own === 'all';
    return compare(id(one), String(bound.own[0])) * sign > 0;
  };
  return found
    .filter(isBeyond)
    .sort((a, b) => sign * (a.at.getTime() - b.at.getTime() || compare(id(a), id(b))))
    .slice(0, limit);
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

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

/** When each of their identities was met, stated or proven. */
export const verifications: HistorySource = {
  rank: 4,
  kinds: ['verification'] satisfies HistoryKind[],
  async page(ctx, { customer, channelId, has }, options) {
    if (has) return [];
    const identities = await ctx.models.identities
      .find({ customerId: customer._id, ...(channelId && { channelIds: channelId }) })
      .lean<IdentityDoc[]>()
      .exec();
    return beyondOf(
      identities.map((identity) => {
        const { id, kind, display, proof } = presentIdentity(identity);
        return {
          at: identity.provenAt,
          own: [identity._id],
          entry: {
            kind: 'verification',
            id: `verification:${identity.provenAt.getTime()}:${id}`,
            at: identity.provenAt.toISOString(),
            verification: { id, kind, display, proof },
          },
        };
      }),
      options,
    );
  },
};

/** Who changed what of the profile. */
export const edits: HistorySource = {
  rank: 3,
  kinds: ['edit'],
  async page(ctx, { customer, channelId, has }, { bound, direction, limit }) {
    if (channelId || has) return [];
    const found = await ctx.models.edits
      .find({ customerId: { $in: customer.members }, ...beyond(bound, direction, fields) })
      .sort(orderOf(direction, fields))
      .limit(limit)
      .lean<EditDoc[]>()
      .exec();
    return found.map(({ _id, at, by, byUserId, field, before, after, undoes }) => ({
      at,
      own: [_id],
      entry: {
        kind: 'edit',
        id: _id,
        at: at.toISOString(),
        edit: { field, before, after, by, byUserId, undoes },
      },
    }));
  },
};
