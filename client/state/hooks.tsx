import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Conversation, Draft } from '../../shared/conversation.ts';
import type { CustomerSummary } from '../../shared/customer.ts';
import type { Presence } from '../../shared/events.ts';
import type { Me, Welcome } from '../../shared/user.ts';
import type { KeptDraft } from './database.ts';
import type { ListScope, ListWindow, State, Timeline } from './model.ts';
import { draftKey, isUnread, windowKey } from './model.ts';
import type { OutboxItem } from './outbox.ts';
import type { Session, SessionState } from './session.ts';
import type { Loading } from './sync.loading.ts';
import type { Upload } from './uploads.ts';
import type { Workspace } from './workspace.ts';

export { queries } from './queries.ts';

export const SessionContext = createContext<Session | null>(null);
export const WorkspaceContext = createContext<Workspace | null>(null);

function within<Value>(value: Value | null, what: string): Value {
  if (value === null) throw new Error(`Used outside ${what}.`);
  return value;
}

export const useSession = (): Session => within(useContext(SessionContext), 'SessionContext');
export const useWorkspace = (): Workspace => within(useContext(WorkspaceContext), 'WorkspaceContext');

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.get);
}

/** The signed-in person and what was known before. */
export function useMe(): Me {
  const state = useSessionState();
  if (state.stage !== 'signedIn') throw new Error('Nobody is signed in.');
  return state.me;
}

export function useWelcome(): Welcome | null {
  const state = useSessionState();
  return 'welcome' in state ? state.welcome : null;
}

/** Part of the store; `pick` must answer the same object while nothing changed. */
export function useStore<Value>(pick: (state: State) => Value): Value {
  const { store } = useWorkspace();
  return useSyncExternalStore(store.subscribe, () => pick(store.get()));
}

export const useHeader = (id: string | null): Conversation | undefined =>
  useStore((state) => (id === null ? undefined : state.headers.get(id)));
export const useCustomerSummary = (id: string | undefined): CustomerSummary | undefined =>
  useStore((state) => (id === undefined ? undefined : state.customers.get(id)));
export const useTimeline = (customerId: string | undefined): Timeline | undefined =>
  useStore((state) => (customerId === undefined ? undefined : state.timelines.get(customerId)));
export const usePresence = (id: string): Presence | undefined => useStore((state) => state.presence.get(id));
export const useIsUnread = (header: Conversation | undefined): boolean =>
  useStore((state) => header !== undefined && isUnread(state, header));

export function useWindow(scope: ListScope): ListWindow | undefined {
  const key = windowKey(scope);
  return useStore((state) => state.windows.get(key));
}

export function useLoading(what: 'list' | 'more' | 'timeline' | 'older' | 'newer'): Loading {
  const { sync } = useWorkspace();
  return useSyncExternalStore(sync.subscribe, () => sync.loading(what));
}

export function useOutbox(): readonly OutboxItem[] {
  const { outbox } = useWorkspace();
  return useSyncExternalStore(outbox.subscribe, outbox.items);
}

export function useUploads(conversationId: string): readonly Upload[] {
  const { uploads } = useWorkspace();
  return useSyncExternalStore(uploads.subscribe, () => uploads.of(conversationId));
}

export function useDraft(conversationId: string, mode: Draft['mode']): KeptDraft | undefined {
  const { drafts } = useWorkspace();
  return useSyncExternalStore(drafts.subscribe, () => drafts.all().get(draftKey(conversationId, mode)));
}

/** Whether what is being written is safe on the server already. */
export function useDraftStatus(conversationId: string, mode: Draft['mode']): 'saved' | 'saving' | 'local' {
  const { drafts } = useWorkspace();
  return useSyncExternalStore(drafts.subscribe, () => drafts.status(conversationId, mode));
}

export function useLink(): { connected: boolean; since: number } {
  const { link } = useWorkspace();
  return useSyncExternalStore(link.subscribe, link.get);
}
