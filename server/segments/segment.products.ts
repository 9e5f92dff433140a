import { may, type Viewer } from '../../shared/access.ts';
import type { SegmentProducts } from '../../shared/segment.ts';
import type { Context } from '../context.ts';
import { boughtNames } from '../sentiment/products.ts';
import { mayNot } from '../users/user.create.ts';

/** What the organisation sells, the most bought first, for whoever asks who bought it. @throws AppError forbidden */
export async function segmentProducts(ctx: Context, viewer: Viewer): Promise<SegmentProducts> {
  if (!may(viewer, 'customer.read')) throw mayNot('see what is sold');
  return { names: await boughtNames(ctx) };
}
