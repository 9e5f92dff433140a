import type { Viewer } from '../../shared/access.ts';
import type { Draft } from '../../shared/conversation.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { invalid } from '../http/validate.ts';
import type { DraftDoc } from './conversation.model.ts';
import { presentTarget } from './conversation.presenter.ts';
import { readableConversation } from './conversation.visible.ts';

export function presentDraft(draft: DraftDoc): Draft {
  return {
    conversationId: draft.conversationId,
    mode: draft.mode,
    text: draft.text,
    target: draft.target ? presentTarget(draft.target) : null,
    ...(draft.letter ? { letter: draft.letter } : {}),
    savedAt: draft.savedAt,
  };
}

/** Nothing that anybody would miss. */
function isEmpty({ text, letter }: Draft): boolean {
  if (text.trim()) return false;
  return !letter || !(letter.subject.trim() || letter.cc.length || letter.bcc.length || letter.forward);
}

export async function listDrafts(ctx: Context, viewer: Viewer): Promise<Draft[]> {
  const drafts = await ctx.models.drafts.find({ userId: viewer.id }).lean<DraftDoc[]>().exec();
  return drafts.map(presentDraft);
}

/**
 * Keeps what is being written: of two windows of one agent the newest word wins. An empty draft is struck off; what was
 * struck off by a later word than this one stays struck off only as long as nobody writes again, which is what a person expects.
 */
export async function saveDraft(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; draft: Draft },
): Promise<void> {
  const { draft } = options;
  if (draft.conversationId !== options.id)
    throw invalid({ conversationId: 'The draft is of another conversation.' });
  await readableConversation(ctx, viewer, options.id);
  const _id = key(viewer.id, options.id, draft.mode);
  const older = { _id, savedAt: { $lte: draft.savedAt } };
  if (isEmpty(draft)) {
    await ctx.models.drafts.deleteOne(older).exec();
  } else {
    const set = {
      userId: viewer.id,
      conversationId: options.id,
      mode: draft.mode,
      text: draft.text,
      target: draft.target,
      letter: draft.letter ?? null,
      savedAt: draft.savedAt,
    };
    const { matchedCount } = await ctx.models.drafts.updateOne(older, { $set: set }).exec();
    if (!matchedCount) {
      try {
        await ctx.models.drafts.insertMany([{ _id, ...set }]);
      } catch (error) {
        // There is a newer one.
        if ((error as { code?: unknown }).code !== 11000) throw error;
        return;
      }
    }
  }
  ctx.bus.emit('draft.changed', { userId: viewer.id, conversationId: options.id, mode: draft.mode });
}
