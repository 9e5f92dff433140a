import { create } from 'zustand';
import type { Disposition } from '../../../shared/call.ts';

/** A call that is being written down, while it goes on. */
export interface CurrentCall {
  /** The message's id to be, or that of the telephone system's own entry. */
  id: string;
  /** The telephone system tells how it goes; only what was noted is ours to say. */
  told: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
  direction: 'in' | 'out';
  customerId: string | null;
  name: string;
  number: string;
  note: string;
  disposition: Disposition;
  folded: boolean;
}

interface Calls {
  call: CurrentCall | null;
  /** Counts the wishes to be in the note: each takes the keyboard there. */
  wanted: number;
  begin: (call: Omit<CurrentCall, 'disposition' | 'folded'>) => void;
  change: (part: Partial<CurrentCall>) => void;
  /** As it was: the undo of putting it away. */
  restore: (call: CurrentCall) => void;
  end: () => void;
}

const key = 'yekja.call';

/** A reload does not end a call. */
function kept(): CurrentCall | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    const call = value as Partial<CurrentCall> | null;
    const whole =
      typeof call === 'object' &&
      typeof call?.id === 'string' &&
      typeof call.startedAt === 'number' &&
      typeof call.note === 'string' &&
      typeof call.number === 'string' &&
      // What began yesterday was forgotten, not talked through.
      Date.now() - call.startedAt < 12 * 3_600_000;
    return whole ? (call as CurrentCall) : null;
  } catch {
    return null;
  }
}

function keep(call: CurrentCall | null): void {
  try {
    if (call) localStorage.setItem(key, JSON.stringify(call));
    else localStorage.removeItem(key);
  } catch {
    // Storage may be blocked: the call holds for this page.
  }
}

let before: Element | null = null;

/** What had the keyboard when the call was begun. */
export const cameFrom = (): Element | null => before;

export const useCurrentCall = create<Calls>((set, get) => {
  const put = (call: CurrentCall | null) => {
    keep(call);
    set({ call });
  };
  return {
    call: kept(),
    wanted: 0,
    begin(call) {
      const { call: going } = get();
      const { activeElement } = document;
      if (!activeElement?.closest('[data-call-bar]')) before = activeElement;
      // One call at a time: the key leads back to the one that goes on.
      put(going ? { ...going, folded: false } : { ...call, disposition: 'answered', folded: false });
      set({ wanted: get().wanted + 1 });
    },
    change(part) {
      const { call } = get();
      if (call) put({ ...call, ...part });
    },
    restore: put,
    end: () => put(null),
  };
});
