import { useCallback } from 'react';
import { may } from '../../../shared/access.ts';
import type { Hit } from '../../../shared/listening.ts';
import type { SentimentLabel } from '../../../shared/sentiment.ts';
import { type Say, showToast, undoFollows } from '../../components/toast.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { queries, useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { useSearchesById } from './queries.ts';
import { useToConversation } from './to-conversation.ts';

export interface HitDeeds {
  /** Null where the viewer may not. */
  relabel: (hit: Hit, label: SentimentLabel | null) => Promise<void>;
  convert: ((hit: Hit) => Promise<void>) | null;
  toggleDone: ((hit: Hit) => Promise<void>) | null;
  /** From one search, or from all that found it. */
  teachAway: ((hit: Hit, searchId: string | null) => Promise<void>) | null;
  bringBack: ((hit: Hit) => Promise<void>) | null;
}

/** It was taught away from one search, or from all, or brought back. */
export interface Taught {
  searchId: string | null;
  away: boolean;
}

/**
 * What can be done with something that was said; each is said, and can be undone.
 * @param changed takes a hit as it is after a deed
 */
export function useHitDeeds(changed: (hit: Hit, taught?: Taught) => void): HitDeeds {
  const t = useT();
  const w = useListeningWords();
  const me = useMe();
  const { calls } = useWorkspace();
  const toConversation = useToConversation();
  const searches = useSearchesById();

  const failed = useCallback(
    (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
    [t],
  );
  /** Done, unless it failed: then that is said. */
  const put = async (deed: Promise<Hit>, taught?: Taught): Promise<boolean> => {
    try {
      changed(await deed, taught);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  };

  const relabel = async (say: Say, hit: Hit, label: SentimentLabel | null) => {
    const before = hit.sentiment?.by === 'agent' ? hit.sentiment.label : null;
    if (hit.deletedAt || before === label) return;
    if (!(await put(calls.updateHit(hit.id, { sentiment: label })))) return;
    say({
      text: label === null ? w.said.labelBack : w.said.relabelled(w.feelings[label]),
      tone: 'ok',
      undo: () => void put(calls.updateHit(hit.id, { sentiment: before })),
    });
  };

  const convert = async (hit: Hit) => {
    if (hit.conversationId) return toConversation(hit.conversationId);
    if (hit.deletedAt) return void showToast({ text: w.said.gone });
    try {
      const { conversationId, brought } = await calls.convertHit(hit.id);
      showToast({ text: w.said.converted(brought), tone: 'ok' });
      toConversation(conversationId);
    } catch (error) {
      failed(error);
    }
  };

  const toggleDone = async (say: Say, hit: Hit) => {
    if (hit.state === 'converted') return void say({ text: w.said.isMessage });
    if (hit.state === 'notUs') return;
    const to = hit.state === 'done' ? 'new' : 'done';
    if (!(await put(calls.updateHit(hit.id, { state: to })))) return;
    const back = hit.state === 'done' ? 'done' : 'new';
    say({
      text: to === 'done' ? w.said.done : w.said.undone,
      tone: 'ok',
      undo: () => void put(calls.updateHit(hit.id, { state: back })),
    });
  };

  const teachAway = async (say: Say, hit: Hit, searchId: string | null) => {
    if (!(await put(calls.teachAway(hit.id, searchId), { searchId, away: true }))) return;
    const search = searchId === null ? undefined : searches.get(searchId);
    const said = search ? w.said.notUsOf(search.name) : w.said.notUs;
    // What its words added to what is known of them.
    await queries.invalidateQueries({ queryKey: ['searches'] });
    const now = await queries
      .fetchQuery({ queryKey: ['searches'], queryFn: () => calls.searches() })
      .catch(() => []);
    const learnt = now
      .filter(({ id }) => (searchId === null ? hit.searchIds.includes(id) : id === searchId))
      .flatMap((each) => each.learnt)
      .slice(0, 4);
    say({
      text: learnt.length > 0 ? `${said}. ${w.said.learnt(learnt.join(w.comma))}` : said,
      tone: 'ok',
      undo: () => void put(calls.bringBackHit(hit.id, searchId), { searchId, away: false }),
    });
  };

  const bringBack = async (say: Say, hit: Hit) => {
    if (!(await put(calls.bringBackHit(hit.id, null)))) return;
    void queries.invalidateQueries({ queryKey: ['searches'] });
    say({
      text: w.said.broughtBack,
      tone: 'ok',
      undo: () => void put(calls.teachAway(hit.id, null)),
    });
  };

  const writes = may(me, 'listening.write');
  return {
    relabel: (...deed) => undoFollows((say) => relabel(say, ...deed)),
    convert: writes && may(me, 'conversation.write') ? convert : null,
    toggleDone: writes ? (...deed) => undoFollows((say) => toggleDone(say, ...deed)) : null,
    teachAway: writes ? (...deed) => undoFollows((say) => teachAway(say, ...deed)) : null,
    bringBack: writes ? (...deed) => undoFollows((say) => bringBack(say, ...deed)) : null,
  };
}
