import { Globe } from '../../components/icons.ts';
import { useSocialWords } from '../../i18n/social-words.ts';

/** Everybody reads it: a drawing and a word, in a colour that nothing else has. */
export function PublicMark() {
  const w = useSocialWords();
  return (
    <span
      className="inline-flex items-center gap-1 font-semibold text-public-ink"
      title={w.visibility.publicLong}
    >
      <Globe size={11} aria-hidden />
      {w.visibility.public}
    </span>
  );
}
