import { cx } from '../../components/cx.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';

/** How much of a record is filled in: a bar, and the figure beside it. */
export function Completeness({ score, className }: { score: number; className?: string }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const share = fmt.percent(score / 100);
  return (
    <span
      role="img"
      aria-label={w.completeness.of(share)}
      title={w.completeness.of(share)}
      className={cx('inline-flex items-center gap-2', className)}
    >
      <span aria-hidden className="h-1.5 w-14 shrink-0 overflow-hidden rounded-full bg-sunken">
        <span
          className={cx(
            'block h-full rounded-full',
            score >= 80 ? 'bg-ok-ink' : score >= 40 ? 'bg-accent' : 'bg-warn-ink',
          )}
          style={{ width: `${Math.max(4, score)}%` }}
        />
      </span>
      <span aria-hidden className="text-2xs text-ink-muted">
        {share}
      </span>
    </span>
  );
}
