import type { Context } from '../context.ts';
import type { OrganisationDoc } from './user.model.ts';

/** Null until set-up. */
export function findOrganisation(ctx: Pick<Context, 'models'>): Promise<OrganisationDoc | null> {
  return ctx.models.organisation.findById('organisation').lean<OrganisationDoc>().exec();
}
