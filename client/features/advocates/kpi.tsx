import type { ReactNode } from 'react';
import type { AdvocateSummary } from '../../../shared/advocate.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { RotateCcw, TrendingDown, TrendingUp } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { money } from '../../lib/money.ts';
import { errorText } from '../error-text.ts';
import { type Days, periods } from './filter.ts';
import { useSummary } from './queries.ts';

/** Five figures of a period, each against the same length of time before it. */
export function KpiStrip({ days }: { days: Days }) {
  const t = useT();
  const w = useAdvocateWords();
  const query = useSummary(days);
  return (
    <section aria-label={w.kpi.label} className="mb-3 shrink-0">
      {query.data ? (
        <Figures summary={query.data} pale={query.isPlaceholderData} />
      ) : query.isError ? (
        <p role="alert" className="flex items-center gap-3 text-xs text-danger-ink">
          {w.kpi.loadFailed}: {errorText(t, query.error)}
          <Button size="sm" icon={<RotateCcw size={13} aria-hidden />} onPress={() => void query.refetch()}>
            {t.common.retry}
          </Button>
        </p>
      ) : (
        <div className="min-h-17">
          <Delayed>
            <Skeleton className="h-17" />
          </Delayed>
        </div>
      )}
    </section>
  );
}

export function PeriodChoice({ days, onDays }: { days: Days; onDays: (days: Days) => void }) {
  const w = useAdvocateWords();
  return (
    <Segmented
      bare
      label={w.kpi.period}
      value={String(days)}
      onChange={(id) => onDays(periods.find((each) => String(each) === id) ?? 30)}
      options={periods.map((each) => ({ id: String(each), label: w.kpi.days(each) }))}
    />
  );
}

function Figures({ summary, pale }: { summary: AdvocateSummary; pale: boolean }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { language } = useLocale();
  const { active, reach, mentions, sentiment, referred, before } = summary;
  const said = sentiment.positive + sentiment.neutral + sentiment.negative;
  const share = (n: number) => fmt.percent(said === 0 ? 0 : n / said);
  const [revenue, ...others] = referred.revenue;
  return (
    <dl
      className={cx(
        'grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line shadow-soft sm:flex',
        pale && 'opacity-60',
      )}
    >
      <Figure label={w.kpi.active} value={fmt.number(active)} now={active} before={before.active} />
      <Figure label={w.kpi.reach} value={fmt.number(reach)} now={reach} before={before.reach} />
      <Figure label={w.kpi.mentions} value={fmt.number(mentions)} now={mentions} before={before.mentions} />
      <Figure label={w.kpi.sentiment} value={said === 0 ? '—' : share(sentiment.positive)}>
        {said > 0 && <SentimentBar sentiment={sentiment} share={share} />}
      </Figure>
      <Figure
        label={w.kpi.referred}
        value={
          revenue ? (
            <span title={[revenue, ...others].map((each) => money(language, each)).join('\n')}>
              {money(language, revenue)}
            </span>
          ) : (
            w.kpi.noRevenue
          )
        }
        aside={w.kpi.referredPurchases(referred.purchases)}
        now={referred.purchases}
        before={before.purchases}
      />
    </dl>
  );
}

interface FigureProps {
  label: string;
  value: ReactNode;
  aside?: string;
  now?: number;
  before?: number;
  children?: ReactNode;
}

function Figure({ label, value, aside, now, before, children }: FigureProps) {
  return (
    <div className="relative min-w-0 flex-1 bg-surface px-4 py-2.5 max-sm:last:col-span-2">
      <dt className="text-2xs font-medium whitespace-nowrap text-ink-muted">{label}</dt>
      <dd>
        <span className="flex items-baseline gap-2 whitespace-nowrap">
          <span className="text-lg font-bold">{value}</span>
          {aside && <span className="text-2xs text-ink-muted">{aside}</span>}
          {now !== undefined && before !== undefined && <Against now={now} before={before} />}
        </span>
        {children}
      </dd>
    </div>
  );
}

function Against({ now, before }: { now: number; before: number }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const more = now > before;
  const by = before === 0 ? null : fmt.percent(Math.abs(now - before) / before);
  if (now === before || by === fmt.percent(0)) return <span className="sr-only">{w.kpi.same}</span>;
  const said = by === null ? w.kpi.fresh : more ? w.kpi.more(by) : w.kpi.less(by);
  const Icon = more ? TrendingUp : TrendingDown;
  return (
    <span
      title={said}
      className={cx(
        'inline-flex items-center gap-0.5 text-2xs font-semibold',
        more ? 'text-ok-ink' : 'text-danger-ink',
      )}
    >
      <Icon size={13} aria-hidden />
      {by && <span aria-hidden>{by}</span>}
      <span className="sr-only">{said}</span>
    </span>
  );
}

interface SentimentBarProps {
  sentiment: AdvocateSummary['sentiment'];
  share: (n: number) => string;
}

/** The three shares side by side, with their words. */
function SentimentBar({ sentiment, share }: SentimentBarProps) {
  const w = useAdvocateWords();
  const { positive, neutral, negative } = sentiment;
  const said = w.kpi.sentimentOf(share(positive), share(neutral), share(negative));
  return (
    <span
      role="img"
      aria-label={said}
      title={said}
      className="mt-1 flex h-1.5 gap-px overflow-hidden rounded-full"
    >
      {(
        [
          ['positive', positive, 'bg-ok-ink'],
          ['neutral', neutral, 'bg-line-strong'],
          ['negative', negative, 'bg-danger'],
        ] as const
      ).map(([key, n, colour]) => n > 0 && <span key={key} className={colour} style={{ flexGrow: n }} />)}
    </span>
  );
}
