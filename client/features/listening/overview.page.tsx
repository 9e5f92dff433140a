import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Volume } from '../../../shared/listening.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { StackedAreas } from '../../components/charts/stacked-areas.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Activity } from '../../components/icons.ts';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { Loaded } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { addressOf, askOf, filterIn, type ListenFilter } from './address.ts';
import { ListeningArea } from './area.tsx';
import { Authors } from './authors.tsx';
import { useCountEvents } from './events.ts';
import { Filters } from './filters.tsx';
import { SpikeBanner } from './spike.banner.tsx';
import { Words } from './words.table.tsx';

/** How much is said, with what feeling, about what, and by whom. */
export default function OverviewPage() {
  const w = useListeningWords().overview;
  const t = useT();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filter = useMemo(() => ({ ...filterIn(search), state: null }), [search]);
  useCountEvents();
  const ask = () => askOf(filter, { now: Date.now(), usual: 'week' });
  const volume = useQuery({
    queryKey: ['listening', 'volume', filter],
    queryFn: () => calls.volume(ask()),
    placeholderData: (before) => before,
  });
  const authors = useQuery({
    queryKey: ['listening', 'authors', filter],
    queryFn: () => calls.topAuthors(ask()),
    placeholderData: (before) => before,
  });
  return (
    <ListeningArea part="overview" text={w.text}>
      <SpikeBanner />
      <Filters
        counts
        filter={filter}
        usual="week"
        onChange={(next) => navigate(addressOf('/listening/overview', next))}
        authorName={authors.data?.authors.find(({ author }) => author.id === filter.author)?.author.name}
      />
      <Loaded query={volume} failed={w.loadFailed}>
        {(data) =>
          data.rows.every(({ positive, neutral, negative }) => positive + neutral + negative === 0) ? (
            <EmptyState
              className="flex-1"
              icon={<Activity size={24} />}
              title={w.noneTitle}
              action={<LinkButton href="/listening/overview">{t.common.clear}</LinkButton>}
            />
          ) : (
            <div className="flex flex-col gap-4">
              <Figures volume={data} />
              <OverTime volume={data} filter={filter} />
              <div className="grid gap-4 lg:grid-cols-2">
                <Words
                  title={w.topics}
                  text={w.topicsText}
                  column={w.word}
                  none={w.topicsNone}
                  rows={data.topics.map(({ word, ...counts }) => ({ name: word, ...counts }))}
                />
                <Words
                  title={w.hashtags}
                  column={w.hashtag}
                  none={w.hashtagsNone}
                  rows={data.hashtags.map(({ tag, ...counts }) => ({
                    name: `#${tag}`,
                    href: addressOf('/listening', { ...filter, range: filter.range ?? 'week', hashtag: tag }),
                    ...counts,
                  }))}
                />
              </div>
              <Authors query={authors} filter={filter} />
            </div>
          )
        }
      </Loaded>
    </ListeningArea>
  );
}

const countOf = ({
  positive,
  neutral,
  negative,
}: Pick<Volume['total'], 'positive' | 'neutral' | 'negative'>) => positive + neutral + negative;

function Figures({ volume: { total } }: { volume: Volume }) {
  const w = useListeningWords().overview;
  const fmt = useFmt();
  const count = countOf(total);
  const figures = [
    { label: w.said, value: fmt.number(count) },
    { label: w.people, value: fmt.number(total.people) },
    { label: w.reach, value: fmt.number(total.reach), help: w.reachHelp },
    { label: w.negative, value: fmt.percent(count === 0 ? 0 : total.negative / count) },
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
      {figures.map(({ label, value, help }) => (
        <div
          key={label}
          title={help}
          className="flex flex-col-reverse justify-end rounded-xl border border-line bg-surface px-4 py-3 shadow-soft"
        >
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className="text-xl font-bold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const hourMs = 3_600_000;

function OverTime({ volume, filter }: { volume: Volume; filter: ListenFilter }) {
  const words = useListeningWords();
  const w = words.overview;
  const fmt = useFmt();
  const now = useNow();
  const [, navigate] = useLocation();
  const { rows, step, total } = volume;
  const hourly = step === 'hour';
  // What is bad stands on the axis, where its height is read at once.
  const series: ChartSeries[] = [
    { id: 'negative', name: words.feelings.negative, tone: 'negative', hatched: true },
    { id: 'neutral', name: words.feelings.neutral, tone: 'neutral' },
    { id: 'positive', name: words.feelings.positive, tone: 'positive' },
  ];
  const points: ChartPoint[] = rows.map(({ at, positive, neutral, negative }) => ({
    id: at,
    label: hourly ? fmt.time(at) : fmt.date(at, now),
    name: hourly ? fmt.when(at, now) : fmt.day(at, now),
    values: [negative, neutral, positive],
  }));
  const count = countOf(total);
  const peak = rows.toSorted((a, b) => countOf(b) - countOf(a))[0];
  const open = ({ id }: ChartPoint) => {
    const at = rows.findIndex((row) => row.at === id);
    const to = rows[at + 1]?.at ?? new Date(Date.parse(id) + (hourly ? hourMs : 24 * hourMs)).toISOString();
    navigate(addressOf('/listening', { ...filter, range: null, from: id, to }));
  };
  const number = fmt.number(count);
  return (
    <ChartFrame
      title={
        total.negative > 0 ? w.answer(number, fmt.percent(total.negative / count)) : w.answerNone(number)
      }
      text={
        peak && countOf(peak) > 0
          ? w.peak(hourly ? fmt.when(peak.at, now) : fmt.day(peak.at, now), fmt.number(countOf(peak)))
          : undefined
      }
      label={w.chart}
      pointName={hourly ? w.byHour : w.byDay}
      points={points}
      series={series}
      total
    >
      <StackedAreas label={w.chart} points={points} series={series} height={240} onOpen={open} />
    </ChartFrame>
  );
}
