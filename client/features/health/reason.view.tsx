import { cx } from '../../components/cx.ts';
import { useWords } from '../../i18n/settings-words.ts';
import { type Cause, reasonText } from './reason.ts';

export interface ReasonProps {
  cause: Cause;
  /** What to say when neither code nor class has words. */
  otherwise: string;
  className?: string;
}

/** Why something failed, in words of ours; under it what was told, as a quotation in its own direction. */
export function Reason({ cause, otherwise, className }: ReasonProps) {
  const w = useWords();
  const own = reasonText(w, cause) ?? otherwise;
  return (
    <span className={cx('block', className)}>
      <span className="block text-pretty">{own}</span>
      {cause.message && (
        <span className="mt-0.5 block text-xs opacity-90">
          {cause.class ? w.reasons.said : w.reasons.detail}{' '}
          <q dir="auto" className="break-words">
            {cause.message}
          </q>
        </span>
      )}
    </span>
  );
}
