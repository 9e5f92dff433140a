import type { Context } from '../context.ts';
import type { EvidenceDoc } from './advocate.model.ts';

/** What of it stands in conversations that were put away as spam left out: it counts for nothing as long as it is there. */
export async function wantedOf<T extends Pick<EvidenceDoc, 'conversationId'>>(
  ctx: Pick<Context, 'models'>,
  evidence: readonly T[],
): Promise<T[]> {
  const ids = [...new Set(evidence.flatMap(({ conversationId }) => conversationId ?? []))];
  if (!ids.length) return [...evidence];
  const spam = await ctx.models.conversations
    .find({ _id: { $in: ids }, status: 'spam' }, { _id: 1 })
    .lean<{ _id: string }[]>()
    .exec();
  const unwanted = new Set(spam.map(({ _id }) => _id));
  return evidence.filter(({ conversationId }) => conversationId === null || !unwanted.has(conversationId));
}
