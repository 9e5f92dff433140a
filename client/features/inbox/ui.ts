import { create } from 'zustand';
import type { Draft } from '../../../shared/conversation.ts';

export type PickerKind = 'assign' | 'team' | 'tags' | 'priority' | 'snooze';

/** What is open and how wide, in the inbox; kept for the next start of this browser. */
interface InboxUi {
  viewsOpen: boolean;
  customerOpen: boolean;
  listWidth: number;
  mode: Draft['mode'];
  /** The message that the reply quotes, by conversation. */
  quoting: Readonly<Record<string, string>>;
  /** A list to choose from, for these conversations. */
  picker: { kind: PickerKind | 'time'; ids: readonly string[] } | null;
  dialog: 'search' | 'begin' | null;
  /** The filter bar is open. */
  filtering: boolean;
  /** The conversation whose letter's fields are unfolded. */
  letterOpen: string | null;
  /** A letter that the composer is asked to pass on. */
  forward: string | null;
  /** The letter that is shown whole. */
  whole: { id: string; conversationId: string } | null;
  /** The message that something of is kept in the customer's record. */
  keep: string | null;
  /** The public post whose thread is open, and the message it was opened from. */
  thread: { postId: string; messageId: string | null } | null;
  /** The templates of the open conversation's channel are open. */
  templates: boolean;
  /** A conversation that was begun just now: its composer takes the keyboard once it is open. */
  writing: string | null;
  /** The message that holds the keyboard. */
  held: string | null;
  /** A canned reply to be put where the cursor is. */
  insert: string | null;
  /** Conversations chosen for one deed on all of them, and where a range of them begins. */
  selected: ReadonlySet<string>;
  anchor: string | null;
  /** The rows on screen, in their order: what "next" means. */
  rows: readonly string[];
  set: (change: Partial<Omit<InboxUi, 'set'>>) => void;
}

const key = 'yekja.inbox';
type Kept = Pick<InboxUi, 'viewsOpen' | 'customerOpen' | 'listWidth'>;

function kept(): Partial<Kept> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const { viewsOpen, customerOpen, listWidth } = value as Record<string, unknown>;
    return {
      ...(typeof viewsOpen === 'boolean' && { viewsOpen }),
      ...(typeof customerOpen === 'boolean' && { customerOpen }),
      ...(typeof listWidth === 'number' && { listWidth: Math.min(460, Math.max(280, listWidth)) }),
    };
  } catch {
    return {};
  }
}

export const useInboxUi = create<InboxUi>((set, get) => ({
  viewsOpen: true,
  customerOpen: true,
  listWidth: 340,
  ...kept(),
  mode: 'reply',
  quoting: {},
  picker: null,
  dialog: null,
  filtering: false,
  letterOpen: null,
  forward: null,
  whole: null,
  keep: null,
  thread: null,
  templates: false,
  writing: null,
  held: null,
  insert: null,
  selected: new Set(),
  anchor: null,
  rows: [],
  set(change) {
    set(change);
    const { viewsOpen, customerOpen, listWidth } = get();
    try {
      localStorage.setItem(key, JSON.stringify({ viewsOpen, customerOpen, listWidth } satisfies Kept));
    } catch {
      // Storage may be blocked: the widths hold for this page.
    }
  },
}));
