import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from './customer.model.ts';

/** Who they are again. */
export interface Unmerged {
  survivor: CustomerDoc;
  restored: CustomerDoc;
}

/**
 * A merge is taken back, whenever it was made and whatever was merged around it.
 * @throws AppError forbidden, notFound
 */
export async function unmergeByAgent(
  _ctx: Context,
  viewer: Viewer,
  _options: { customerId: string; linkId: string },
): Promise<Unmerged> {
  if (!may(viewer, 'customer.link'))
    throw new AppError({ code: 'forbidden', message: 'You may not take a merge back.' });
  throw new AppError({ code: 'unavailable', message: 'A merge cannot be taken back yet.' });
}
