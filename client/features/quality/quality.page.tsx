import { useQuery } from '@tanstack/react-query';
import { type ReactNode, Suspense, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { QualityBoard } from '../../../shared/quality.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Activity, ArrowLeft, ShieldCheck, Wrench } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { later } from '../../lib/later.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { CustomersArea } from '../customers/area.tsx';
import { useRoom } from '../media.ts';
import { Loaded } from '../settings/page.tsx';
import { useQualityEvents } from './events.ts';
import { useCompletenessName } from './field-name.ts';
import { Overview } from './overview.tsx';
import { SubjectRows } from './rows.tsx';
import { missingHref, type Subject, subjectOf } from './subject.ts';

const Weights = later(() => import('./weights.dialog.tsx'));

/** What is wrong, stale or missing in the records, counted; and the records themselves, mended in their rows. */
export default function QualityPage() {
  const w = useCustomerWords();
  const me = useMe();
  const room = useRoom();
  const { calls } = useWorkspace();
  useQualityEvents();
  const subject = subjectOf(useSearch());
  const key = JSON.stringify(subject);
  const board = useQuery({ queryKey: ['quality', 'board'], queryFn: () => calls.quality() });
  const [weighing, setWeighing] = useState(false);
  const weights = may(me, 'field.manage') && (
    <Button icon={<Wrench size={15} aria-hidden />} onPress={() => setWeighing(true)}>
      {w.quality.weights}
    </Button>
  );
  return (
    <CustomersArea part="quality" fills text={w.quality.text} actions={weights}>
      <div className="-mx-4 flex min-h-0 flex-1 flex-col border-t border-line sm:-mx-6">
        <Loaded query={board} failed={w.quality.loadFailed}>
          {(data) => (
            <div className="flex min-h-0 flex-1">
              {(room !== 'phone' || subject === null) && (
                <div
                  className={cx(
                    'overflow-y-auto border-line bg-surface',
                    room === 'phone' ? 'flex-1' : 'w-64 shrink-0 border-e',
                  )}
                >
                  <Problems board={data} subject={subject} />
                  {room === 'phone' && (
                    <div className="border-t border-line p-4">
                      <Overview board={data} />
                    </div>
                  )}
                </div>
              )}
              {room === 'phone' && subject !== null && (
                <div className="flex min-w-0 flex-1 flex-col">
                  <Link
                    href="/customers/quality"
                    className="flex min-h-10 items-center gap-1 px-4 text-xs font-medium text-ink-muted"
                  >
                    <ArrowLeft size={14} aria-hidden className="mirror" />
                    {w.quality.toOverview}
                  </Link>
                  <SubjectRows key={key} subject={subject} />
                </div>
              )}
              {room !== 'phone' &&
                (subject === null ? (
                  <div className="min-w-0 flex-1 overflow-y-auto p-5 focus-visible:outline-offset-[-2px]">
                    <Overview board={data} />
                  </div>
                ) : (
                  <SubjectRows key={key} subject={subject} />
                ))}
            </div>
          )}
        </Loaded>
      </div>
      {weighing && (
        <Suspense fallback={null}>
          <Weights onClose={() => setWeighing(false)} />
        </Suspense>
      )}
    </CustomersArea>
  );
}

interface ProblemsProps {
  board: QualityBoard;
  /** Whose rows are shown; null: the overview is. */
  subject: Subject | null;
}

/** The problems that there are, with how many records have them; and the field that those who are shown lack. */
function Problems({ board, subject }: ProblemsProps) {
  const w = useCustomerWords();
  const room = useRoom();
  const fieldName = useCompletenessName();
  const problem = subject?.problem ?? null;
  const missing = subject?.missing ?? null;
  const counts = board.problems.filter((each) => each.count > 0 || each.problem === problem);
  const fine = board.problems.length - counts.length;
  const lacking = missing && {
    href: missingHref(missing),
    here: true,
    name: w.quality.without(fieldName(missing)),
    count: board.missing.find(({ field }) => field === missing)?.count ?? 0,
  };
  return (
    <nav aria-label={w.quality.problems} className="p-2.5">
      <ul className="flex flex-col gap-px">
        {room !== 'phone' && (
          <Item
            href="/customers/quality"
            here={subject === null}
            name={w.quality.overview}
            icon={<Activity size={16} aria-hidden className="shrink-0" />}
          />
        )}
        {lacking && <Item {...lacking} />}
        {counts.map((each) => (
          <Item
            key={each.problem}
            href={`/customers/quality?problem=${each.problem}`}
            here={each.problem === problem}
            name={w.quality.problem[each.problem]}
            count={each.count}
          />
        ))}
      </ul>
      {fine > 0 && (
        <p className="mt-2 flex items-start gap-2 px-2.5 text-xs text-pretty text-ink-muted">
          <ShieldCheck size={14} aria-hidden className="mt-px shrink-0 text-ok-ink" />
          {counts.length === 0 ? w.quality.allFine : w.quality.fine(fine)}
        </p>
      )}
    </nav>
  );
}

interface ItemProps {
  href: string;
  /** It is what is shown. */
  here: boolean;
  name: string;
  icon?: ReactNode;
  count?: number;
}

function Item({ href, here, name, icon, count }: ItemProps) {
  const fmt = useFmt();
  return (
    <li>
      <Link
        href={href}
        aria-current={here ? 'page' : undefined}
        className={cx(
          'flex min-h-9 items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm hover:bg-hover focus-visible:outline-offset-[-2px]',
          here ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink',
        )}
      >
        {icon}
        <span className="min-w-0 flex-1 text-pretty wrap-anywhere">{name}</span>
        {count !== undefined && (
          <span className={cx('shrink-0 text-xs tabular-nums', here ? 'text-accent-ink' : 'text-ink-muted')}>
            {fmt.number(count)}
          </span>
        )}
      </Link>
    </li>
  );
}
