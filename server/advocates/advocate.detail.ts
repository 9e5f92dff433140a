import { may, type Viewer } from '../../shared/access.ts';
import {
  type Advocate,
  type AdvocateDetail,
  type EvidencePage,
  type ScorePart,
  scoreParts,
} from '../../shared/advocate.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { mayNot } from '../users/user.create.ts';
import type { AdvocateDoc } from './advocate.model.ts';
import { presentAdvocate } from './advocate.presenter.ts';
import { advocateSettings } from './advocate.settings.ts';
import { criticismOf, evidencePage } from './evidence.page.ts';
import { referralOf } from './referral.ts';
import { testimonialsOf } from './testimonial.service.ts';

const firstWindow = 20;

/** One person, with what their score is made of. @throws AppError forbidden, notFound, also when nothing is known of them */
export async function getAdvocate(ctx: Context, viewer: Viewer, customerId: string): Promise<AdvocateDetail> {
  const { customer, doc } = await readableAdvocate(ctx, viewer, customerId);
  const { weights } = await advocateSettings(ctx);
  const total = scoreParts.reduce((sum, part) => sum + weights[part], 0);
  const [evidence, criticism, testimonials, referral] = await Promise.all([
    evidencePage(ctx, viewer, { customer, doc, part: null, after: null, limit: firstWindow }),
    criticismOf(ctx, viewer, { customer, doc }),
    testimonialsOf(ctx, customer),
    referralOf(ctx, customer),
  ]);
  return {
    advocate: presentAdvocate(doc),
    breakdown: scoreParts.map((part) => ({
      part,
      value: doc.parts[part],
      weight: weights[part],
      points: total === 0 ? 0 : Math.round((doc.parts[part] * weights[part] * 100) / total) / 100,
      count: doc.counts[part],
    })),
    evidence,
    criticism,
    testimonials,
    referral,
  };
}

/** @throws AppError forbidden, notFound; invalid for a cursor that is none */
export async function listEvidence(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; part: ScorePart | null; after: string | null; limit: number },
): Promise<EvidencePage> {
  const { customer, doc } = await readableAdvocate(ctx, viewer, options.customerId);
  return evidencePage(ctx, viewer, { ...options, customer, doc });
}

/** For whoever has changed something of them. */
export async function presentOne(ctx: Context, viewer: Viewer, customerId: string): Promise<Advocate> {
  const { doc } = await readableAdvocate(ctx, viewer, customerId);
  return presentAdvocate(doc);
}

/** @throws AppError forbidden, notFound */
export async function readableAdvocate(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<{ customer: CustomerDoc; doc: AdvocateDoc }> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see advocates');
  const customer = await readableCustomer(ctx, viewer, customerId);
  const doc = await ctx.models.advocates.findById(customer._id).lean<AdvocateDoc>().exec();
  if (!doc || doc.gone)
    throw new AppError({ code: 'notFound', message: 'Nothing of this customer tells of an advocate yet.' });
  return { customer, doc };
}
