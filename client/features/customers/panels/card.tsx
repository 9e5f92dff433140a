import { type ReactNode, useRef } from 'react';
import { useKeptFocus } from '../../../lib/kept-focus.ts';

export interface PanelCardProps {
  title: string;
  /** Deeds of the whole panel. */
  aside?: ReactNode;
  children: ReactNode;
}

/** One panel of the record: its name, its deeds, what is known. */
export function PanelCard({ title, aside, children }: PanelCardProps) {
  const card = useRef<HTMLElement>(null);
  useKeptFocus(card);
  return (
    <section
      ref={card}
      aria-label={title}
      className="rounded-xl border border-line bg-surface px-4 py-3 shadow-soft outline-none"
    >
      <div className="mb-1.5 flex min-h-7 items-center gap-2">
        <h2 className="min-w-0 flex-1 text-sm font-bold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** What is said where nothing is known. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className="pb-1 text-xs text-ink-faint">{children}</p>;
}

/** A heading within a panel. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-2.5 first:mt-0">
      <h3 className="mb-1 text-2xs font-semibold text-ink-muted">{title}</h3>
      {children}
    </div>
  );
}
