import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AdvocatePreview, AdvocateWeights } from '../../../shared/advocate.ts';
import { cx } from '../../components/cx.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowDown, ArrowUp, Plus } from '../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { Card } from '../settings/page.tsx';

/** Milliseconds in which a slider may still move. */
const pause = 150;

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export interface WeightsPreviewProps {
  weights: AdvocateWeights;
  changed: boolean;
  enabled: boolean;
}

/** Who would stand first under other weights, and where they stand today; while the sliders move. */
export function WeightsPreview({ weights, changed, enabled }: WeightsPreviewProps) {
  const t = useT();
  const w = useAdvocateWords();
  const { calls } = useWorkspace();
  const asked = useSettled(weights);
  const query = useQuery({
    queryKey: ['advocates', 'preview', asked],
    queryFn: ({ signal }) => calls.previewWeights(asked, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
  return (
    <Card
      title={w.weights.preview}
      text={changed ? w.weights.previewText : w.weights.previewSame}
      className="lg:sticky lg:top-4"
    >
      {query.data ? (
        query.data.rows.length === 0 ? (
          <p className="text-sm text-ink-muted">{w.weights.previewEmpty}</p>
        ) : (
          <Rows rows={query.data.rows} />
        )
      ) : query.isError ? (
        <ErrorState
          title={w.weights.previewFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Delayed>
          <SkeletonRows rows={5} />
        </Delayed>
      )}
    </Card>
  );
}

function Rows({ rows }: { rows: AdvocatePreview['rows'] }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{w.weights.preview}</caption>
      <thead className="text-2xs text-ink-muted">
        <tr>
          <th scope="col" className="w-9 pb-1 text-start font-medium">
            {w.weights.place}
          </th>
          <th scope="col" className="pb-1 text-start font-medium">
            {w.table.person}
          </th>
          <th scope="col" className="w-14 pb-1 text-end font-medium">
            {w.table.score}
          </th>
          <th scope="col" className="w-14 pb-1">
            <span className="sr-only">{w.filter.sort}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.customerId} className="border-t border-line">
            <td className="py-1.5 font-semibold text-ink-muted">{fmt.number(row.newPlace)}</td>
            <td className="max-w-0 py-1.5">
              <PersonName name={row.name} />
            </td>
            <td className="py-1.5 text-end font-semibold" title={w.weights.was(fmt.number(row.score))}>
              {fmt.number(row.newScore)}
            </td>
            <td className="py-1.5 text-end">
              <Moved place={row.place} newPlace={row.newPlace} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Moved({ place, newPlace }: Pick<AdvocatePreview['rows'][number], 'place' | 'newPlace'>) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const by = place === null ? null : place - newPlace;
  if (by === 0) return <span className="sr-only">{w.weights.stays}</span>;
  const said = by === null ? w.weights.fresh : by > 0 ? w.weights.up(by) : w.weights.down(-by);
  const Icon = by === null ? Plus : by > 0 ? ArrowUp : ArrowDown;
  return (
    <span
      title={said}
      className={cx(
        'inline-flex items-center gap-0.5 text-2xs font-semibold',
        by !== null && by < 0 ? 'text-danger-ink' : 'text-ok-ink',
      )}
    >
      <Icon size={12} aria-hidden />
      {by !== null && <span aria-hidden>{fmt.number(Math.abs(by))}</span>}
      <span className="sr-only">{said}</span>
    </span>
  );
}
