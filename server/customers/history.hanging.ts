import type { HistoryKind, HistoryVerification } from '../../shared/history.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { presentRecord } from '../records/record.presenter.ts';
import type { IdentityDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
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

/** When each of their identities was met, stated or proven: also what was stated before it was proven, and what was taken away since. */
export const verifications: HistorySource = {
  rank: 4,
  kinds: ['verification'] satisfies HistoryKind[],
  async page(ctx, { customer, channelId, has }, options) {
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
    // What they wrote first may come in late: that proof stands once, at its time by today's word.
    const words = new Map(
      all.map((one) => [`${one.proof === 'transport' ? '' : one.provenAt.getTime()}:${one._id}`, one]),
    );
    const told = [...words.values()].map((identity) => {
      const { id, kind, display, proof, source, reason } = presentIdentity(identity);
      const own = `${identity.provenAt.getTime()}:${identity._id}`;
      return { own, at: identity.provenAt, verification: { id, kind, display, proof, source, reason } };
    });
    return beyondOf(
      told
        .filter(({ verification }) => !has || has(textOfProof(verification)))
        .map(({ own, at, verification }) => ({
          at,
          own: [own],
          entry: {
            kind: 'verification',
            id: `verification:${at.getTime()}:${verification.id}`,
            at: at.toISOString(),
            verification,
          },
        })),
      options,
    );
  },
};

/** A reason is shown where it is somebody's. */
const textOfProof = ({ display, source, reason }: HistoryVerification) =>
  [display, source?.by === 'user' ? reason : ''].join('\n');
