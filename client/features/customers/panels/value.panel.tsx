import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../../i18n/locale.tsx';
import { money } from '../../../lib/money.ts';
import { useNow } from '../../../lib/time.ts';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';

/** What they are worth so far, and how lately they were heard of. */
export function ValuePanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const { facts } = customer;
  const rials = (amount: number) => money(language, { amount, currency: 'IRR' });
  const day = (at: string | null) => at && <span title={fmt.both(at)}>{fmt.date(at, now)}</span>;
  const values = facts?.values;
  const figures = [
    ...(values && values.purchases > 0
      ? ([
          // What was paid in other money is no sum here, though it counts as bought.
          ...(values.spent > 0 ? ([[w.value.spent, rials(values.spent)]] as const) : []),
          [w.value.purchases, fmt.number(values.purchases)],
          ...(values.spent > 0
            ? ([[w.value.average, rials(Math.round(values.spent / values.purchases / 10) * 10)]] as const)
            : []),
          [w.value.last, day(values.lastPurchaseAt)],
          [w.value.first, day(values.firstPurchaseAt)],
        ] as const)
      : []),
    ...(facts
      ? ([
          [w.value.conversations, fmt.number(facts.activity.conversations)],
          [w.value.lastInbound, day(facts.activity.lastInboundAt)],
        ] as const)
      : []),
  ].filter(([, figure]) => figure);
  return (
    <PanelCard title={w.panels.names.value}>
      {!values?.purchases && <Nothing>{w.value.none}</Nothing>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 pb-1">
        {figures.map(([name, figure], at) => (
          <div key={name} className={at === 0 && values?.purchases ? 'col-span-2' : undefined}>
            <dt className="text-2xs text-ink-muted">{name}</dt>
            <dd className={at === 0 && values?.purchases ? 'text-lg font-bold' : 'text-sm font-medium'}>
              {figure}
            </dd>
          </div>
        ))}
      </dl>
    </PanelCard>
  );
}
