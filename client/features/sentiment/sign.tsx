import type { SentimentLabel } from '../../../shared/sentiment.ts';
import { cx } from '../../components/cx.ts';
import { Frown, Meh, Smile } from '../../components/icons.ts';
import { useSocialWords } from '../../i18n/social-words.ts';

export const sentimentIcons = { positive: Smile, neutral: Meh, negative: Frown };
export const sentimentInk = {
  positive: 'text-ok-ink',
  neutral: 'text-ink-faint',
  negative: 'text-danger-ink',
};

/** How something was said: a face of its own for each, in a colour that says the same. */
export function SentimentSign({ label, size = 13 }: { label: SentimentLabel; size?: number }) {
  const w = useSocialWords().sentiment;
  const Icon = sentimentIcons[label];
  return (
    <span
      role="img"
      aria-label={`${w.label}: ${w.labels[label]}`}
      title={w.labels[label]}
      className={cx('inline-flex shrink-0', sentimentInk[label])}
    >
      <Icon size={size} aria-hidden />
    </span>
  );
}
