import type { ReactNode } from 'react';
import type { Customer } from '../../../shared/customer.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useLocale } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';
import { useStore } from '../../state/hooks.tsx';
import { Completeness } from '../customers/completeness.tsx';
import { useFieldName } from '../customers/field-name.ts';
import { RecordLine, useRecords } from '../customers/panels/record-line.tsx';

/** What helps in the next answer: what to ask, where to write, what worries them, what they bought of late. */
export default function CustomerSummary({ customer }: { customer: Customer }) {
  const w = useCustomerWords();
  const { direction } = useLocale();
  const tags = useStore((state) => state.tags);
  const fieldName = useFieldName();
  const { facts, profile } = customer;
  const next = facts?.completeness.missing[0];
  const { data } = useRecords(customer.id, 3);
  const preferred = profile.preferredChannels[0] ?? facts?.learntChannels[0]?.kind;
  const labels = profile.tagIds.flatMap((id) => tags.get(id) ?? []);
  return (
    <>
      {(facts || labels.length > 0 || preferred) && (
        <section aria-label={w.summary.record} className="border-t border-line px-4 py-3">
          <dl className="flex flex-col gap-1.5 text-xs">
            {facts && (
              <Line name={w.summary.record}>
                <Completeness score={facts.completeness.score} />
              </Line>
            )}
            {next && <Line name={w.customerPage.askNext.replace(/:$/, '')}>{fieldName(next)}</Line>}
            {preferred && <Line name={w.summary.preferred}>{w.identityKind[preferred]}</Line>}
            {labels.length > 0 && (
              <Line name={w.panels.names.tags}>
                <span className="flex flex-wrap gap-1">
                  {labels.map((tag) => (
                    <TagChip key={tag.id} tag={tag} />
                  ))}
                </span>
              </Line>
            )}
          </dl>
        </section>
      )}
      {profile.concerns.length > 0 && (
        <Part title={w.concerns.concerns}>
          <ul className="flex flex-col gap-1">
            {profile.concerns.slice(0, 3).map(({ id, text }) => (
              <li key={id} className="flex gap-2 text-xs">
                <span aria-hidden className="mt-1.5 size-1.5 shrink-0 rounded-full bg-warn-ink" />
                <span dir={dirOf(text, direction)} className="ui-start min-w-0 wrap-anywhere">
                  {text}
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {data && data.records.length > 0 && (
        <Part title={w.summary.lastPurchases}>
          <ul className="-my-1">
            {data.records.map((record) => (
              <RecordLine key={record.id} record={record} />
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-3">
      <dt className="w-22 shrink-0 text-2xs text-ink-muted">{name}</dt>
      <dd className="min-w-0 flex-1 font-medium">{children}</dd>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-3.5">
      <h3 className="mb-2 text-xs font-semibold text-ink-muted">{title}</h3>
      {children}
    </section>
  );
}
