import type { Viewer } from '../../shared/access.ts';
import type { Bootstrap, Conversation } from '../../shared/conversation.ts';
import type { CustomerSummary } from '../../shared/customer.ts';
import { usableChannels } from '../channels/channel.service.ts';
import type { Context } from '../context.ts';
import { customerSummary } from '../customers/customer.service.ts';
import { key } from '../db/key.ts';
import { listTags } from '../tags/tag.service.ts';
import { listTeams } from '../teams/team.service.ts';
import { countViews } from '../views/view.counts.ts';
import { listViews } from '../views/view.service.ts';
import type { ReadDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { readableConversation } from './conversation.visible.ts';

/** Everything the inbox needs at start and after a reset. */
export async function bootstrap(ctx: Context, viewer: Viewer): Promise<Bootstrap> {
  const [channels, teams, tags, views, counts] = await Promise.all([
    usableChannels(ctx, viewer),
    listTeams(ctx, viewer),
    listTags(ctx, viewer),
    listViews(ctx, viewer),
    countViews(ctx, viewer),
  ]);
  return { channels, teams, tags, views, counts };
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
