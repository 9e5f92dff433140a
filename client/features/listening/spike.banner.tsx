import { Link } from 'wouter';
import { TriangleAlert } from '../../components/icons.ts';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useUnseenSpikes } from './queries.ts';

/** That far more is said than usual, to whoever has not seen why. */
export function SpikeBanner() {
  const w = useListeningWords().spikes;
  const fmt = useFmt();
  const [spike] = useUnseenSpikes();
  return (
    <div role="status" className="empty:hidden">
      {spike && (
        <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn-ink">
          <TriangleAlert size={16} aria-hidden className="shrink-0" />
          <span className="min-w-0 flex-1 basis-48 font-medium text-pretty">
            {spike.rise === 'negative'
              ? w.bannerNegative(plainName(spike.searchName), fmt.number(spike.negative))
              : w.banner(plainName(spike.searchName), fmt.number(spike.count))}
          </span>
          <Link
            href="/listening/spikes"
            className="inline-flex min-h-6 items-center font-semibold underline underline-offset-3"
          >
            {w.look}
          </Link>
        </p>
      )}
    </div>
  );
}
