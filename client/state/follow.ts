import type { Drafts } from './drafts.ts';
import type { Store } from './store.ts';
import type { Sync } from './sync.ts';

/** Longer chains there are not: who is led on further has opened something else by then. */
const longest = 20;

/**
 * Whoever has a conversation open while it comes to go on in another (a merge, the undo of a split) is taken there, and what they are
 * writing goes along. One that was over when it was opened stays as it is: somebody wants to read it.
 * @returns ends it
 */
export function followContinued(options: {
  store: Store;
  sync: Pick<Sync, 'openConversationId' | 'meet'>;
  drafts: Pick<Drafts, 'move'>;
  goTo: (conversationId: string) => void;
}): () => void {
  const { store, sync, drafts, goTo } = options;
  let before = store.get();
  return store.subscribe(() => {
    const id = sync.openConversationId;
    const was = id === null ? undefined : before.headers.get(id)?.status;
    before = store.get();
    const is = id === null ? undefined : before.headers.get(id)?.status;
    if (id && is === 'continued' && was && was !== 'continued') void lead(id);
  });

  async function lead(from: string): Promise<void> {
    const to = await endOf(from);
    const seq = store.get().headers.get(to)?.seq;
    // Out of this person's sight, it is nowhere to go.
    if (to === from || seq === undefined) return;
    drafts.move(from, to, seq);
    if (sync.openConversationId === from) goTo(to);
  }

  async function endOf(from: string): Promise<string> {
    let at = from;
    for (let step = 0; step < longest; step += 1) {
      const next = store.get().headers.get(at)?.successorId;
      if (!next) break;
      await sync.meet(next);
      if (!store.get().headers.has(next)) break;
      at = next;
    }
    return at;
  }
}
