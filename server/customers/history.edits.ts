import type { Identity } from '../../shared/customer.ts';
import type { ProfileEdit } from '../../shared/profile.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import type { Context } from '../context.ts';
import type { EditDoc } from './edit.model.ts';
import { presentEdited } from './edit.presenter.ts';
import { byTime } from './history.few.ts';
import { beyond, orderOf } from './history.place.ts';
import type { HistorySource } from './history.source.ts';

type Edited = Pick<ProfileEdit, 'field' | 'before' | 'after'>;

/** Edits read at a time to find those that have the words. */
const step = 500;

/** Who changed what of the profile, of identities and of records. */
export const edits: HistorySource = {
  rank: 3,
  kinds: ['edit'],
  async page(ctx, { customer, channelId, has }, { bound, direction, limit }) {
    if (channelId) return [];
    const found: { edit: EditDoc; edited: Edited }[] = [];
    const atOnce = has ? step : limit;
    for (let from = bound; ; ) {
      const some = await ctx.models.edits
        .find({ customerId: { $in: customer.members }, told: null, ...beyond(from, direction, byTime) })
        .sort(orderOf(direction, byTime))
        .limit(atOnce)
        .lean<EditDoc[]>()
        .exec();
      const shown = some.map((edit) => ({ edit, edited: presentEdited(edit) }));
      found.push(...(has ? await having(ctx, shown, has) : shown));
      const last = some.at(-1);
      if (!last || some.length < atOnce || found.length >= limit) break;
      from = { at: last.at, own: [last._id] };
    }
    return found.slice(0, limit).map(({ edit, edited }) => ({
      at: edit.at,
      own: [edit._id],
      entry: {
        kind: 'edit',
        id: edit._id,
        at: edit.at.toISOString(),
        edit: { ...edited, by: edit.by, byUserId: edit.byUserId, undoes: edit.undoes },
      },
    }));
  },
};

async function having<Shown extends { edited: Edited }>(
  ctx: Context,
  shown: readonly Shown[],
  has: (text: string) => boolean,
): Promise<Shown[]> {
  const names = await namesIn(
    ctx,
    shown.map(({ edited }) => edited),
  );
  return shown.filter(({ edited }) => has(textOf(edited, names)));
}

/** The names of what these values are ids of: tags, companies, colleagues and choices of fields. */
async function namesIn(ctx: Context, edited: readonly Edited[]): Promise<Map<unknown, string>> {
  const { tags, companies, users, fields } = ctx.models;
  const idsOf = (name: string) =>
    edited.filter(({ field }) => field === name).flatMap(({ before, after }) => [before, after].flat());
  const named = async (model: typeof tags | typeof companies | typeof users, ids: readonly unknown[]) => {
    const asked = [...new Set(ids)].filter((id) => typeof id === 'string');
    if (!asked.length) return [];
    const query = (model as typeof tags).find({ _id: { $in: asked } }, { name: 1 });
    return query.lean<{ _id: string; name: string }[]>().exec();
  };
  const ofFields = edited
    .filter(({ field }) => field.startsWith('fields.'))
    .map(({ field }) => field.slice(7));
  const [choices, ...others] = await Promise.all([
    ofFields.length
      ? fields
          .find({ _id: { $in: [...new Set(ofFields)] } }, { options: 1 })
          .lean()
          .exec()
      : [],
    named(tags, idsOf('tagIds')),
    named(companies, idsOf('companyIds')),
    named(users, idsOf('advocate.owner')),
  ]);
  return new Map([
    ...others.flat().map(({ _id, name }) => [_id, name] as const),
    ...choices.flatMap(({ options }) => options.map(({ id, name }) => [id, name] as const)),
  ]);
}

/** Their values are shown in words of the interface's language, which are not kept here. */
const toldByInterface = /^(consents\..*|language|preferredChannels|advocate\.stage)$/;

/** What is shown of an edit: the values before and after. */
function textOf({ field, before, after }: Edited, names: ReadonlyMap<unknown, string>): string {
  if (toldByInterface.test(field)) return '';
  if (field.startsWith('identities.'))
    return textOfIdentity(after as Identity | null, before as Identity | null);
  if (field.startsWith('records.'))
    return textOfRecord(before as CustomerRecord | null, after as CustomerRecord | null);
  return [before, after]
    .flat()
    .map((value) => names.get(value) ?? wordOf(value))
    .join('\n');
}

function wordOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  const { text, name, from, to } = value as Record<string, unknown>;
  return [text, name, from, to].filter((word) => typeof word === 'string').join(' ');
}

function textOfIdentity(after: Identity | null, before: Identity | null): string {
  return [(after ?? before)?.display, after?.proof === 'agentVerified' ? after.reason : ''].join('\n');
}

const recordFields = ['title', 'amount', 'statusText', 'note', 'referralCode'] as const;

/** Which record it is, and what of it was changed. */
function textOfRecord(before: CustomerRecord | null, after: CustomerRecord | null): string {
  const changed = before && after ? recordFields.filter((field) => before[field] !== after[field]) : [];
  return [(after ?? before)?.title, ...changed.flatMap((field) => [before?.[field], after?.[field]])].join(
    '\n',
  );
}
