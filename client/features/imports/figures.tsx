import type { ReactNode } from 'react';
import { type ImportOutcome, importOutcomes } from '../../../shared/import.ts';
import { cx } from '../../components/cx.ts';
import { useFmt } from '../../i18n/locale.tsx';

export interface FiguresProps {
  title: string;
  words: Record<ImportOutcome, string>;
  counts: Record<ImportOutcome, number>;
  /** What else is to be said of them. */
  children?: ReactNode;
}

const tones: Record<ImportOutcome, string> = {
  made: 'text-ok-ink',
  updated: 'text-info-ink',
  skipped: 'text-ink-muted',
  failed: 'text-danger-ink',
};

/** What became of the rows, or would. */
export function Figures({ title, words, counts, children }: FiguresProps) {
  return (
    <section className="rounded-xl border border-line bg-surface p-4 shadow-soft sm:p-5">
      <h2 className="mb-3 text-md font-bold">{title}</h2>
      <Numbers
        items={importOutcomes.map((outcome) => ({
          id: outcome,
          label: words[outcome],
          count: counts[outcome],
          tone: tones[outcome],
        }))}
      />
      {children && <div className="mt-4 flex flex-col gap-1 text-sm text-ink-muted">{children}</div>}
    </section>
  );
}

export interface NumbersProps {
  items: readonly { id: string; label: string; count: number; tone?: string }[];
}

export function Numbers({ items }: NumbersProps) {
  const fmt = useFmt();
  return (
    <dl
      className={cx(
        'grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line',
        items.length === 4 ? 'sm:grid-cols-4' : 'sm:grid-cols-3',
      )}
    >
      {items.map(({ id, label, count, tone }) => (
        <div
          key={id}
          className="flex flex-col-reverse justify-end bg-surface px-4 py-3 last:odd:max-sm:col-span-2"
        >
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className={cx('text-xl font-bold', count === 0 ? 'text-ink-faint' : tone)}>
            {fmt.number(count)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
