import { Chip } from '../../components/badge.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { sureness } from './reason.words.ts';

const tones = { strong: 'accent', likely: 'info', maybe: 'neutral' } as const;

/** How sure it is that two are one: a word, and the figure for whoever wants it. */
export function Score({ score }: { score: number }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const share = fmt.percent(score / 100);
  const sure = sureness(score);
  return (
    <span title={w.duplicates.score(share)} className="inline-flex shrink-0">
      <Chip tone={tones[sure]}>
        {w.duplicates.sure[sure]} {share}
      </Chip>
    </span>
  );
}
