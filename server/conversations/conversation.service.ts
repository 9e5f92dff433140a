import type { Viewer } from '../../shared/access.ts';
import type { Bootstrap, Conversation } from '../../shared/conversation.ts';
import type { CustomerSummary } from '../../shared/customer.ts';
import { usableChannels } from '../channels/channel.service.ts';
import type { Context } from '../context.ts';
import { customerSummary } from '../customers/customer.service.ts';
import { key } from '../db/key.ts';
import type { ReadDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { readableConversation } from './conversation.visible.ts';
import { countViews } from './view.ts';

/** Everything the inbox needs at start and after a reset. */
export async function bootstrap(ctx: Context, viewer: Viewer): Promise<Bootstrap> {
  const [channels, counts] = await Promise.all([usableChannels(ctx, viewer), countViews(ctx, viewer)]);
  return { channels, counts };
}

export async function getConversation(
  ctx: Context,
  viewer: Viewer,
  id: string,
): Promise<{ header: Conversation; customer: CustomerSummary; readSeq: number }> {
  const conversation = await readableConversation(ctx, viewer, id);
  const [customer, read] = await Promise.all([
    customerSummary(ctx, conversation.customerId),
    ctx.models.reads.findById(key(viewer.id, conversation._id)).lean<ReadDoc>().exec(),
  ]);
  return { header: presentConversation(conversation), customer, readSeq: read?.seq ?? 0 };
}
