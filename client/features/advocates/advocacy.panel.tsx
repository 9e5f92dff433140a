import { Link } from 'wouter';
import { may } from '../../../shared/access.ts';
import { AppError } from '../../../shared/errors.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe } from '../../state/hooks.tsx';
import { Nothing, PanelCard } from '../customers/panels/card.tsx';
import type { PanelProps } from '../customers/panels/panels.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { NextTask } from './card.tsx';
import { Kinds, OptedOut } from './kinds.tsx';
import { useAdvocate } from './queries.ts';
import { Change, Trend } from './score.tsx';

/** What this customer is to the brand, for who sees advocates: kinds, score, stage, points, and the way to the whole. */
export function AdvocacyPanel({ customer }: PanelProps) {
  const me = useMe();
  return may(me, 'advocate.read') ? <Panel customer={customer} /> : null;
}

function Panel({ customer }: PanelProps) {
  const t = useT();
  const w = useAdvocateWords();
  const names = useCustomerWords().panels;
  const fmt = useFmt();
  const query = useAdvocate(customer.id);
  const { data, error } = query;
  const missing = error instanceof AppError && error.code === 'notFound';
  const advocate = data?.advocate;
  return (
    <PanelCard
      title={names.names.advocacy}
      aside={
        advocate && (
          <Link
            href={`/advocates?who=${customer.id}`}
            className="inline-flex min-h-6 items-center rounded-sm px-1 text-xs font-medium text-accent-ink hover:underline"
          >
            {w.advocacyPanel.open}
          </Link>
        )
      }
    >
      {advocate ? (
        <div className="flex flex-col gap-2 pb-1">
          <div className="flex items-center gap-2">
            <span className="text-lg font-bold">
              <span className="sr-only">{w.score.of(fmt.number(advocate.score))}</span>
              <span aria-hidden>{fmt.number(advocate.score)}</span>
            </span>
            <Change change={advocate.change} />
            <span className="flex-1" />
            <Trend trend={advocate.trend} change={advocate.change} />
          </div>
          <div className="flex flex-wrap gap-1">
            <Kinds kinds={advocate.kinds} />
            {advocate.optedOut && <OptedOut />}
          </div>
          <dl className="grid grid-cols-2 gap-x-4 text-sm">
            <div>
              <dt className="text-2xs text-ink-muted">{w.person.stage}</dt>
              <dd className="font-medium">{w.stage[advocate.stage]}</dd>
            </div>
            <div>
              <dt className="text-2xs text-ink-muted">{w.person.balance}</dt>
              <dd className="font-medium">{w.person.points(fmt.number(advocate.points))}</dd>
            </div>
          </dl>
          {advocate.nextTask && <NextTask task={advocate.nextTask} />}
        </div>
      ) : missing ? (
        <Nothing>{w.advocacyPanel.none}</Nothing>
      ) : error ? (
        <ErrorState
          title={names.failed(names.names.advocacy)}
          text={errorText(t, error)}
          errorId={errorIdOf(error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Delayed>
          <SkeletonRows rows={1} />
        </Delayed>
      )}
    </PanelCard>
  );
}
