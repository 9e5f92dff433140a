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
/** A deed whose undo is still to be said, and whether somebody has asked for it already. */
interface Ticket {
  undoAsked: boolean;
}
let underWay: readonly Ticket[] = [];
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
  set([...toasts, { ...input, id: last }].slice(-atMost));
  return last;
}

export type Say = (input: ToastInput) => void;

/**
 * Runs a deed that ends with a toast, which it shows by `say`. What it does may be on screen before its answer: the undo key that is
 * pressed meanwhile means the latest such deed, and waits for it.
 */
export async function undoFollows<T>(deed: (say: Say) => Promise<T>): Promise<T> {
  const ticket: Ticket = { undoAsked: false };
  underWay = [...underWay, ticket];
  tell();
  try {
    return await deed((input) => {
      if (ticket.undoAsked && input.undo) input.undo();
      else showToast(input);
    });
  } finally {
    underWay = underWay.filter((one) => one !== ticket);
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
  const busy = useSyncExternalStore(subscribe, () => underWay.length > 0);
  const undoable = shown.findLast((toast) => toast.undo);
  const undo = () => {
    const deed = underWay.findLast(({ undoAsked }) => !undoAsked);
    if (deed) deed.undoAsked = true;
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
