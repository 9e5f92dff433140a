import { defaultQualitySettings, type QualitySettings } from '../../shared/quality.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import type { EditDoc } from '../customers/edit.model.ts';
import { type QualitySources, staleFields } from './facts.quality.ts';
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

/** What the quality of several customers is derived from beside what others read: one query a collection. */
export async function qualitySources(
  ctx: Pick<Context, 'models'>,
  customers: readonly Pick<CustomerDoc, '_id' | 'members' | 'profile'>[],
): Promise<{
  settings: QualitySettings;
  of(customer: Pick<CustomerDoc, 'members'>): Pick<QualitySources, 'confirmed' | 'ignored'>;
}> {
  const members = customers.flatMap((customer) => customer.members);
  const filledIn = customers
    .filter((customer) => staleFields.some((field) => customer.profile?.[field]))
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
            { customerId: { $in: filledIn }, field: { $in: [...staleFields] } },
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
        staleFields.flatMap((field) => {
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
