import { defaultQualitySettings, type QualitySettings } from '../../shared/quality.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import type { EditDoc } from '../customers/edit.model.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { becomesStale, type QualitySources, staleFields } from './facts.quality.ts';
import type { IgnoredDoc, QualitySettingsDoc } from './quality.model.ts';

/** As an administrator set it, or as is usual. */
export async function qualitySettings(ctx: Pick<Context, 'models'>): Promise<QualitySettings> {
  const set = await ctx.models.qualitySettings.findById('settings').lean<QualitySettingsDoc>().exec();
  return set
    ? {
        weights: { ...defaultQualitySettings.weights, ...set.weights },
        staleMonths: { ...defaultQualitySettings.staleMonths, ...set.staleMonths },
      }
    : defaultQualitySettings;
}

/**
 * What the quality of several customers is derived from beside what others read: one query a collection.
 * @param reading the custom fields, which others read at the same time
 */
export async function qualitySources(
  ctx: Pick<Context, 'models'>,
  customers: readonly Pick<CustomerDoc, '_id' | 'members' | 'profile'>[],
  reading: Promise<readonly FieldDoc[]>,
): Promise<{
  settings: QualitySettings;
  of(customer: Pick<CustomerDoc, 'members'>): Pick<QualitySources, 'confirmed' | 'ignored'>;
}> {
  const members = customers.flatMap((customer) => customer.members);
  const custom = (await reading).filter(becomesStale).map((field) => field._id);
  const journal = [...staleFields, ...custom.map((id) => `fields.${id}`)];
  const filledIn = customers
    .filter(
      ({ profile }) =>
        staleFields.some((field) => profile?.[field]) ||
        custom.some((id) => profile?.fields[id] !== undefined),
    )
    .flatMap((customer) => customer.members);
  const [settings, ignored, edits] = await Promise.all([
    qualitySettings(ctx),
    ctx.models.ignored
      .find({ customerId: { $in: members } })
      .lean<IgnoredDoc[]>()
      .exec(),
    filledIn.length
      ? ctx.models.edits
          .find(
            { customerId: { $in: filledIn }, field: { $in: journal } },
            { customerId: 1, field: 1, at: 1 },
          )
          .lean<Pick<EditDoc, 'customerId' | 'field' | 'at'>[]>()
          .exec()
      : [],
  ]);
  return {
    settings,
    of: (customer) => ({
      ignored: ignored.filter((one) => customer.members.includes(one.customerId)),
      confirmed: Object.fromEntries(
        journal.flatMap((field) => {
          const written = edits.filter(
            (edit) => edit.field === field && customer.members.includes(edit.customerId),
          );
          return written.length
            ? [[field, new Date(Math.max(...written.map((edit) => edit.at.getTime())))]]
            : [];
        }),
      ),
    }),
  };
}
