import { type Connector, ConnectorError } from '../connector.ts';
import { single } from './feeds.ts';
import { id, object } from './json.ts';
import { type Kept, keptPost } from './split.ts';

/**
 * The older push tells of an answer only what it answers; what the whole talk hangs on is asked for. Where X does not say (a limit, an
 * access level, a post that is gone) the answer hangs on what it answers: better there than later.
 */
export const complete: NonNullable<Connector['complete']> = async (event, context) => {
  const kept = JSON.parse(new TextDecoder().decode(event.payload)) as Kept;
  if (kept.kind !== 'oldPost') return null;
  const { post } = kept;
  const own = id(post.id_str) ?? id(post.id);
  if (!own || !id(post.in_reply_to_status_id_str) || id(post.conversation_id)) return null;
  try {
    const { data } = await single(own, { context, signal: context.signal });
    const found = object(data.data);
    return found && id(found.conversation_id) ? keptPost(found, object(data.includes) ?? {}) : null;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    context.log.info('X did not say what an answer hangs on', { post: own, reason: error.message });
    return null;
  }
};
