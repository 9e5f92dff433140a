import { may, type Viewer } from '../../shared/access.ts';
import { isActive } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { MergePreview, MergeWarning } from '../../shared/merge.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { joinOf } from './customer.merge.conversations.ts';
import { comparedFields } from './customer.merge.fields.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { presentCustomerSummary, presentIdentity } from './customer.presenter.ts';
import { readableCustomer } from './customer.service.ts';

type Party = MergePreview['survivor'];

/**
 * What a merge of these two would do, before it is done: field by field with whose value would stay, who they are, what becomes of their
 * active conversations, and what a careful person would look at.
 * @throws AppError forbidden, notFound; invalid when they are one already
 */
export async function previewMerge(
  ctx: Context,
  viewer: Viewer,
  options: { intoId: string; otherId: string },
): Promise<MergePreview> {
  if (!may(viewer, 'customer.link'))
    throw new AppError({ code: 'forbidden', message: 'You may not merge customers.' });
  const survivor = await readableCustomer(ctx, viewer, options.intoId);
  const other = await readableCustomer(ctx, viewer, options.otherId);
  if (survivor._id === other._id)
    throw new AppError({ code: 'invalid', message: 'These are one customer already.' });
  const both = [survivor, other];
  const [identities, active, counts] = await Promise.all([
    ctx.models.identities
      .find({ customerId: { $in: both.map((one) => one._id) } })
      .sort({ lastSeenAt: -1, _id: 1 })
      .lean<IdentityDoc[]>()
      .exec(),
    ctx.models.conversations
      .find({ _id: { $in: both.flatMap((one) => one.active.main ?? []) } })
      .sort({ createdAt: 1, _id: 1 })
      .lean<ConversationDoc[]>()
      .exec(),
    Promise.all(both.map((one) => ctx.models.conversations.countDocuments({ customerId: one._id }).exec())),
  ]);
  const party = (customer: CustomerDoc, conversations: number): Party => ({
    ...presentCustomerSummary(customer),
    createdAt: customer.createdAt.toISOString(),
    identities: identities
      .filter((one) => one.customerId === customer._id)
      .map((one) => presentIdentity(one)),
    conversations,
    activeId: customer.active.main,
  });
  const sides = { survivor: party(survivor, counts[0] ?? 0), other: party(other, counts[1] ?? 0) };
  const { stays, ends } = joinOf(active, survivor, other);
  const fields = comparedFields(survivor, other);
  const birthday = fields.find(({ field }) => field === 'birthday');
  const warnings: [MergeWarning, boolean][] = [
    ['nationalCodes', differ(sides, 'nationalCode')],
    ['customerNumbers', differ(sides, 'customerNumber')],
    ['birthdays', Boolean(birthday?.differs && birthday.survivor && birthday.other)],
    ['blocked', identities.some((one) => one.blocked)],
    ['bothActive', active.filter((one) => isActive(one.status)).length === 2],
    ['separatedBefore', await separated(ctx, survivor, other)],
  ];
  return {
    ...sides,
    fields,
    active: { staysId: stays?._id ?? null, endsId: ends?._id ?? null },
    warnings: warnings.flatMap(([warning, holds]) => (holds ? [warning] : [])),
  };
}

/** Both have one of a kind that a person has one of, and none in common. */
function differ(sides: Pick<MergePreview, 'survivor' | 'other'>, kind: string): boolean {
  const of = (party: Party) => party.identities.filter((one) => one.kind === kind).map((one) => one.id);
  const [here, there] = [of(sides.survivor), of(sides.other)];
  return here.length > 0 && there.length > 0 && !here.some((id) => there.includes(id));
}

async function separated(ctx: Context, a: CustomerDoc, b: CustomerDoc): Promise<boolean> {
  const apart = { undone: { $ne: null } };
  const [here, there] = [{ $in: a.members }, { $in: b.members }];
  return Boolean(
    (await ctx.models.links.exists({ survivorId: here, mergedId: there, ...apart }).exec()) ??
      (await ctx.models.links.exists({ survivorId: there, mergedId: here, ...apart }).exec()),
  );
}
