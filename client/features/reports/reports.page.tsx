import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { AdvocateReport, reportTables } from '../../../shared/reward.ts';
import { advocateCsv, type ReportAsk } from '../../api/report-calls.ts';
import { cx } from '../../components/cx.ts';
import { DateTimePicker } from '../../components/date-time-picker.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Activity } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { useReportWords } from '../../i18n/report-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useStore, useWorkspace } from '../../state/hooks.tsx';
import { AdvocatesArea } from '../advocates/area.tsx';
import { Loaded } from '../settings/page.tsx';
import { ByAspect } from './by-aspect.tsx';
import { ByChannel } from './by-channel.tsx';
import { ByProduct } from './by-product.tsx';
import {
  daysBetween,
  type Period,
  periodBefore,
  periodOf,
  type ReportAddress,
  ranges,
  readAddress,
  writeAddress,
} from './period.ts';
import { Reach } from './reach.tsx';
import { Rewards } from './rewards.tsx';
import { Said } from './said.tsx';

const asked = ({ from, to }: Period, { channelId, product }: ReportAddress): ReportAsk => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  ...(channelId && { channelId }),
  ...(product && { product }),
});

/** Advocates over a time: who they are and where, what they speak of, whom they reach, what rewards cost and brought. */
export default function ReportsPage() {
  const w = useReportWords();
  const fmt = useFmt();
  const me = useMe();
  const { calls } = useWorkspace();
  const { calendar, language, timeZone } = useLocale();
  const { address, change } = useReportAddress();
  // Of the moment at which the page was opened: else each look at it would ask for another report.
  const [now] = useState(Date.now);
  const { range, days, compared, channelId, product } = address;
  const part = channelId !== null || product !== null;
  const period = useMemo(
    () => days ?? periodOf(range ?? 'days30', now, { calendar, timeZone }),
    [range, days, now, calendar, timeZone],
  );
  const earlier = periodBefore(period);
  const report = useQuery({
    queryKey: ['reports', 'advocates', period, channelId, product],
    queryFn: () => calls.advocateReport(asked(period, address)),
    placeholderData: keepPreviousData,
  });
  const before = useQuery({
    queryKey: ['reports', 'advocates', earlier, channelId, product],
    queryFn: () => calls.advocateReport(asked(earlier, address)),
    enabled: compared,
  });
  const csv = (table: (typeof reportTables)[number]) =>
    may(me, 'report.export') ? { csv: advocateCsv(asked(period, address), { table, language }) } : {};
  return (
    <AdvocatesArea part="report" text={w.text} actions={<Range {...{ address, change, period, now }} />}>
      <p className="mb-3 text-xs text-ink-muted">
        {w.period(fmt.date(period.from, now), fmt.date(period.to - 1, now))}
      </p>
      <Loaded query={report} failed={w.loadFailed}>
        {(data) =>
          !part && isEmpty(data) ? (
            <EmptyState icon={<Activity size={24} />} title={w.empty} text={w.emptyText} className="py-16" />
          ) : (
            <>
              <OfWhat {...{ address, change }} products={data.products} />
              <div
                className={cx(
                  'grid gap-4 lg:grid-cols-2',
                  report.isPlaceholderData && 'opacity-60 transition-opacity',
                )}
              >
                <Said className="lg:col-span-2" rows={data.said} {...csv('said')} />
                <Reach
                  className="lg:col-span-2"
                  rows={data.reach}
                  before={compared ? (before.data?.reach ?? null) : null}
                  {...csv('reach')}
                />
                <ByChannel className="lg:col-span-2" rows={data.byChannel} {...csv('byChannel')} />
                <ByProduct rows={data.byProduct} {...csv('byProduct')} />
                <ByAspect rows={data.byAspect} {...csv('byAspect')} />
                {/* Nobody is rewarded for a channel or a product. */}
                {!part && <Rewards className="lg:col-span-2" rows={data.rewards} {...csv('rewards')} />}
              </div>
            </>
          )
        }
      </Loaded>
    </AdvocatesArea>
  );
}

const isEmpty = ({ byChannel, byProduct, reach, rewards }: AdvocateReport): boolean =>
  byChannel.length === 0 &&
  byProduct.length === 0 &&
  reach.every(({ voices }) => voices === 0) &&
  rewards.every(({ given }) => given === 0);

interface OfWhatProps {
  address: ReportAddress;
  change: (change: Partial<ReportAddress>) => void;
  products: readonly string[];
}

const all = 'all';

/** Of which channel and which product it is told. */
function OfWhat({ address, change, products }: OfWhatProps) {
  const w = useReportWords();
  const channels = useStore((state) => state.channels);
  const { channelId, product } = address;
  const named = [...new Set([...(product ? [product] : []), ...products])];
  const chosen = (id: string) => (id === all ? null : id);
  return (
    <search aria-label={w.of.label} className="mb-3 grid grid-cols-2 gap-2 sm:flex">
      <Select
        bare
        label={w.of.channel}
        className="sm:w-48"
        value={channelId ?? all}
        onChange={(id) => change({ channelId: chosen(id) })}
        options={[
          { id: all, label: w.of.anyChannel },
          ...[...channels.values()]
            .filter(({ id, state }) => state !== 'archived' || id === channelId)
            .map(({ id, name }) => ({ id, label: plainName(name) })),
        ]}
      />
      {named.length > 0 && (
        <Select
          bare
          label={w.of.product}
          className="sm:w-48"
          value={product ?? all}
          onChange={(id) => change({ product: chosen(id) })}
          options={[
            { id: all, label: w.of.anyProduct },
            ...named.map((id) => ({ id, label: plainName(id) })),
          ]}
        />
      )}
    </search>
  );
}

interface RangeProps {
  address: ReportAddress;
  change: (change: Partial<ReportAddress>) => void;
  period: Period;
  now: number;
}

/** Which time is looked at: by its name, or from one day to another. */
function Range({ address, change, period, now }: RangeProps) {
  const w = useReportWords();
  const clock = useLocale();
  const lastDay = period.to - 1;
  const choose = (from: number, to: number) =>
    change({ range: null, days: daysBetween(Math.min(from, now), Math.min(to, now), clock) });
  return (
    <>
      <Select
        label={w.range.label}
        className="w-44"
        value={address.days ? 'exact' : (address.range ?? 'days30')}
        options={[...ranges, 'exact' as const].map((id) => ({ id, label: w.range[id] }))}
        onChange={(id) => (id === 'exact' ? choose(period.from, lastDay) : change({ range: id, days: null }))}
      />
      {address.days && (
        <>
          <DateTimePicker
            dayOnly
            label={w.range.from}
            value={period.from}
            onChange={(at) => choose(at, lastDay)}
          />
          <DateTimePicker
            dayOnly
            label={w.range.to}
            value={lastDay}
            onChange={(at) => choose(period.from, at)}
          />
        </>
      )}
      <Switch
        className="min-h-(--control) items-center"
        isSelected={address.compared}
        onChange={(compared) => change({ compared })}
      >
        {w.compare}
      </Switch>
    </>
  );
}

/** What the address says, and how to say something else: it can be kept and passed on. */
function useReportAddress() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const address = useMemo(() => readAddress(search), [search]);
  const change = useCallback(
    (what: Partial<ReportAddress>) =>
      navigate(`/reports/advocates${writeAddress({ ...readAddress(window.location.search), ...what })}`, {
        replace: true,
      }),
    [navigate],
  );
  return { address, change };
}
