import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useT } from '../i18n/locale.tsx';
import { useHotkey } from '../lib/hotkeys.react.tsx';
import { Button, IconButton } from './button.tsx';
import { CircleAlert, CircleCheck, Info, X } from './icons.ts';

export interface ToastInput {
  text: string;
  tone?: 'info' | 'ok' | 'error';
  /** Takes back what was done: shown as a button for 8 s, and on the undo key. */
  undo?: () => void;
  /** Another deed, beside undo or instead of it. */
  action?: { label: string; run: () => void };
  /** How long it stays, in ms; errors stay until closed. */
  stays?: number;
}

interface Toast extends ToastInput {
  id: number;
}

const atMost = 3;
let toasts: readonly Toast[] = [];
let last = 0;
/** Deeds whose undo is still to be said, and whether somebody has asked for it already. */
let underWay = 0;
let undoAsked = false;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function set(next: readonly Toast[]): void {
  toasts = next;
  tell();
}

/** Says that something happened, without stopping anybody. Returns its id for `closeToast`. */
export function showToast(input: ToastInput): number {
  last += 1;
  const toast = { ...input, id: last };
  set([...toasts, toast].slice(-atMost));
  if (undoAsked && toast.undo) {
    undoAsked = false;
    take(toast);
  }
  return last;
}

/** Runs a deed that ends with a toast. What it does may be on screen before its answer: the undo key that is pressed meanwhile means this deed and waits for it. */
export async function undoFollows<T>(deed: () => Promise<T>): Promise<T> {
  underWay += 1;
  tell();
  try {
    return await deed();
  } finally {
    underWay -= 1;
    if (underWay === 0) undoAsked = false;
    tell();
  }
}

export function closeToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; one for the page. Always there, so that readers watch it before the first one. */
export function ToastRegion() {
  const t = useT();
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const busy = useSyncExternalStore(subscribe, () => underWay > 0);
  const undoable = shown.findLast((toast) => toast.undo);
  const undo = () => {
    if (busy) undoAsked = true;
    else if (undoable) take(undoable);
  };
  useHotkey('general.undo', undo, { enabled: busy || undoable !== undefined });
  return (
    <section
      aria-label={t.kit.notifications}
      className="pointer-events-none fixed inset-x-0 bottom-16 z-50 flex flex-col items-center gap-2 px-4 md:bottom-4 md:items-start md:ps-16"
    >
      <div role="status" aria-live="polite" className="contents">
        {shown.map((toast) => (
          <Card key={toast.id} toast={toast} />
        ))}
      </div>
    </section>
  );
}

function take(toast: Toast): void {
  closeToast(toast.id);
  toast.undo?.();
}

const inverse = 'text-surface underline underline-offset-4 hover:bg-surface/15 hover:text-surface';

const marks = {
  info: <Info size={16} aria-hidden className="shrink-0" />,
  ok: <CircleCheck size={16} aria-hidden className="shrink-0" />,
  error: <CircleAlert size={16} aria-hidden className="shrink-0" />,
};

function Card({ toast }: { toast: Toast }) {
  const t = useT();
  const {
    id,
    tone = 'info',
    text,
    undo,
    action,
    stays = tone === 'error' ? Number.POSITIVE_INFINITY : 8000,
  } = toast;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wait = () => {
    if (Number.isFinite(stays)) timer.current = setTimeout(() => closeToast(id), stays);
  };
  const hold = () => clearTimeout(timer.current);
  // The keyboard that came here goes back to where it was: the toast leaves under it. A pointer never takes it along.
  const card = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<Element | null>(null);
  const done = (run: () => void) => {
    const back = card.current?.contains(document.activeElement) ? cameFrom.current : null;
    run();
    const place = back?.isConnected ? back : back && document.getElementById('content');
    if (place instanceof HTMLElement) place.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a toast never changes, its time runs from its first frame
  useEffect(() => {
    wait();
    return hold;
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it or being in it only holds its clock
    <div
      onPointerEnter={hold}
      onPointerLeave={wait}
      ref={card}
      onFocus={(event) => {
        hold();
        if (!event.currentTarget.contains(event.relatedTarget)) cameFrom.current = event.relatedTarget;
      }}
      onBlur={wait}
      className="rise-in pointer-events-auto flex max-w-lg items-center gap-2 rounded-lg bg-ink py-1.5 ps-3 pe-1.5 text-sm text-surface shadow-float"
    >
      {marks[tone]}
      <span className="min-w-0 py-1 wrap-anywhere">{text}</span>
      {undo && (
        <Button
          preventFocusOnPress
          variant="quiet"
          size="sm"
          className={inverse}
          onPress={() => done(() => take(toast))}
        >
          {t.common.undo}
        </Button>
      )}
      {action && (
        <Button
          preventFocusOnPress
          variant="quiet"
          size="sm"
          className={inverse}
          onPress={() =>
            done(() => {
              closeToast(id);
              action.run();
            })
          }
        >
          {action.label}
        </Button>
      )}
      <IconButton
        label={t.kit.closeNotification}
        size="sm"
        placement="top"
        icon={<X size={15} />}
        className="text-surface hover:bg-surface/15 hover:text-surface"
        preventFocusOnPress
        onPress={() => done(() => closeToast(id))}
      />
    </div>
  );
}
