import type { Identity } from '../../shared/customer.ts';
import type { ProfileEdit } from '../../shared/profile.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import type { Context } from '../context.ts';
import type { FieldDoc } from '../fields/field.model.ts';
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

interface Named {
  _id: string;
  name: string;
}

/** What the values of these fields are ids of. */
const named: Record<string, (models: Context['models'], ids: string[]) => Promise<Named[]>> = {
  tagIds: ({ tags }, ids) =>
    tags
      .find({ _id: { $in: ids } }, { name: 1 })
      .lean<Named[]>()
      .exec(),
  companyIds: ({ companies }, ids) =>
    companies
      .find({ _id: { $in: ids } }, { name: 1 })
      .lean<Named[]>()
      .exec(),
  'advocate.owner': ({ users }, ids) =>
    users
      .find({ _id: { $in: ids } }, { name: 1 })
      .lean<Named[]>()
      .exec(),
};

/** By field and id: the names of tags, companies, colleagues and choices. */
async function namesIn(ctx: Context, edited: readonly Edited[]): Promise<Map<string, string>> {
  const idsOf = (name: string) =>
    edited
      .filter(({ field }) => field === name)
      .flatMap(({ before, after }) => [before, after].flat().filter((id) => typeof id === 'string'));
  const own = edited.flatMap(({ field }) => (field.startsWith('fields.') ? [field.slice(7)] : []));
  const [choices, ...others] = await Promise.all([
    own.length
      ? ctx.models.fields
          .find({ _id: { $in: [...new Set(own)] } }, { options: 1 })
          .lean<Pick<FieldDoc, '_id' | 'options'>[]>()
          .exec()
      : [],
    ...Object.entries(named).map(async ([field, find]) => {
      const ids = [...new Set(idsOf(field))];
      const found = ids.length ? await find(ctx.models, ids) : [];
      return found.map(({ _id, name }) => [`${field} ${_id}`, name] as const);
    }),
  ]);
  return new Map([
    ...others.flat(),
    ...choices.flatMap(({ _id, options }) =>
      options.map(({ id, name }) => [`fields.${_id} ${id}`, name] as const),
    ),
  ]);
}

/** Their values are shown in words of the interface's language, which are not kept here. */
const toldByInterface = /^(consents\..*|language|preferredChannels|advocate\.stage)$/;

/** What is shown of an edit: the values before and after. */
function textOf({ field, before, after }: Edited, names: ReadonlyMap<string, string>): string {
  if (toldByInterface.test(field)) return '';
  if (field.startsWith('identities.'))
    return textOfIdentity(after as Identity | null, before as Identity | null);
  if (field.startsWith('records.'))
    return textOfRecord(before as CustomerRecord | null, after as CustomerRecord | null);
  return [before, after]
    .flat()
    .map((value) => names.get(`${field} ${value}`) ?? wordOf(value))
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
