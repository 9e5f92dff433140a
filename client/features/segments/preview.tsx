import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { isGroup, type SegmentRule } from '../../../shared/segment.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Info } from '../../components/icons.ts';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import type { RuleWords } from './use-rule-words.ts';

const shown = 6;
/** Milliseconds without a change after which the server is asked. */
const pause = 300;

/** The rule as it was when nobody had changed it for a moment. */
function useRested(rule: SegmentRule): SegmentRule {
  const text = JSON.stringify(rule);
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(rested) as SegmentRule;
}

export interface PreviewProps {
  rule: SegmentRule;
  /** Conditions that are not finished and so not asked. */
  leftOut: number;
  words: RuleWords;
  className?: string;
}

/** How many the rule holds now, some of them, and the rule in words. */
export function Preview({ rule, leftOut, words, className }: PreviewProps) {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const asked = useRested(rule);
  // Both stand under `segments`: they are asked again when the server says that sizes may be others.
  const size = useQuery({
    queryKey: ['segments', 'count', asked],
    queryFn: ({ signal }) => calls.countRule(asked, signal),
    placeholderData: (before) => before,
  });
  const members = useQuery({
    queryKey: ['segments', 'members', asked],
    queryFn: ({ signal }) =>
      calls.customers({ sort: 'lastAt', filter: asked, after: null, limit: shown }, signal),
    placeholderData: (before) => before,
  });
  const old = size.isPlaceholderData || members.isPlaceholderData;
  return (
    <section
      aria-label={w.rule.preview}
      className={cx('rounded-xl border border-line bg-surface p-4 shadow-soft', className)}
    >
      <p role="status" className={cx('text-lg font-bold transition-opacity', old && 'opacity-60')}>
        {size.data ? (
          <span title={size.data.about ? w.segments.aboutHint : undefined}>
            {(size.data.about ? w.segments.about : w.segments.customers)(size.data.count)}
          </span>
        ) : size.isError ? (
          <span className="text-base font-medium text-danger-ink">{w.rule.countFailed}</span>
        ) : (
          <Delayed>
            <Skeleton className="my-1.5 h-4 w-32" />
          </Delayed>
        )}
      </p>
      {size.isError && (
        <Button size="sm" className="mt-1" onPress={() => void size.refetch()}>
          {t.common.retry}
        </Button>
      )}
      {leftOut > 0 && (
        <p className="mt-1 flex items-start gap-1.5 text-xs text-ink-muted">
          <Info size={14} aria-hidden className="mt-0.5 shrink-0" />
          {w.rule.leftOut(leftOut)}
        </p>
      )}
      <h2 className="mt-4 mb-1.5 text-2xs font-semibold text-ink-faint">{w.rule.inWords}</h2>
      <InWords rule={rule} words={words} />
      <h2 className="mt-4 mb-1.5 text-2xs font-semibold text-ink-faint">{w.rule.members}</h2>
      {members.data?.customers.length === 0 && <p className="text-xs text-ink-muted">{w.rule.nobody}</p>}
      {members.data ? (
        <ul className={cx('-mx-2 transition-opacity', old && 'opacity-60')}>
          {members.data.customers.map(({ id, name, city, companies }) => (
            <li key={id}>
              <Link
                href={`/customers/${id}`}
                className="flex min-h-(--control) items-center gap-2.5 rounded-md px-2 py-1 text-sm hover:bg-hover"
              >
                <Avatar name={name} seed={id} size="sm" />
                <span className="min-w-0 flex-1">
                  <PersonName name={name} />
                </span>
                <span className="ui-start max-w-28 shrink-0 truncate text-xs text-ink-faint">
                  <bdi>{companies[0]?.name ?? city}</bdi>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        members.isPending && (
          <Delayed>
            <div className="space-y-3 pt-1">
              <Skeleton className="h-3 w-2/3" />
              <Skeleton className="h-3 w-1/2" />
              <Skeleton className="h-3 w-3/5" />
            </div>
          </Delayed>
        )
      )}
    </section>
  );
}

/** The rule as people would say it, a condition a line. */
export function InWords({ rule, words }: { rule: SegmentRule; words: RuleWords }): ReactNode {
  const w = useCustomerWords();
  if (rule.conditions.length === 0) return <p className="text-sm">{w.rule.everybody}</p>;
  return (
    <ul className="space-y-1 text-sm">
      {rule.conditions.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are nothing but their places
        <li key={at} className="text-pretty">
          {at > 0 && <span className="text-ink-faint">{rule.match === 'all' ? w.rule.and : w.rule.or} </span>}
          {isGroup(one)
            ? one.conditions.length > 1 && rule.conditions.length > 1
              ? w.rule.inBrackets(words.text(one))
              : words.text(one)
            : words.sentence(one)}
        </li>
      ))}
    </ul>
  );
}
