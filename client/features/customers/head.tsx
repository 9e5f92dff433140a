import type { Customer } from '../../../shared/customer.ts';
import { Avatar } from '../../components/avatar.tsx';
import { IconButton } from '../../components/button.tsx';
import { Copy } from '../../components/icons.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { money } from '../../lib/money.ts';
import { useNow } from '../../lib/time.ts';
import { useStore } from '../../state/hooks.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import { MergeButton } from '../merge/merge-button.tsx';
import { Completeness } from './completeness.tsx';
import { useFieldName } from './field-name.ts';
import { WriteButton } from './write.button.tsx';

/** Who it is, what they are worth and what is not known of them yet. */
export function CustomerHead({ customer }: { customer: Customer }) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const tags = useStore((state) => state.tags);
  const fieldName = useFieldName();
  const { facts } = customer;
  const next = facts?.completeness.missing[0];
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Avatar name={customer.name} seed={customer.id} size="lg" />
      <div className="min-w-0 flex-1 basis-60">
        <h1 className="flex items-center gap-2 text-xl font-bold">
          <PersonName name={customer.name} />
          <span className="flex gap-1">
            {customer.profile.tagIds.map((id) => {
              const tag = tags.get(id);
              return tag && <TagChip key={id} tag={tag} />;
            })}
          </span>
        </h1>
        <p className="flex flex-wrap items-center gap-x-3 text-xs text-ink-muted">
          <span className="inline-flex items-center gap-1">
            {t.customer.cid}
            <code className="ltr font-mono select-all">{customer.id}</code>
            <IconButton
              size="sm"
              label={t.customer.copyCid}
              icon={<Copy size={13} />}
              onPress={() => {
                void navigator.clipboard
                  ?.writeText(customer.id)
                  .then(() => showToast({ text: t.common.copied, stays: 2_000 }));
              }}
            />
          </span>
          <span>{t.customer.since(fmt.date(customer.createdAt, now))}</span>
          {facts && facts.values.purchases > 0 && (
            <span className="font-medium text-ink">
              {facts.values.spent > 0
                ? w.customerPage.spent(
                    money(language, { amount: facts.values.spent, currency: 'IRR' }),
                    facts.values.purchases,
                  )
                : w.customerList.purchases(facts.values.purchases)}
            </span>
          )}
        </p>
      </div>
      {facts && (
        <div className="text-xs">
          <Completeness score={facts.completeness.score} />
          {next && (
            <p className="mt-0.5 text-ink-muted">
              {w.customerPage.askNext} <span className="font-medium text-ink">{fieldName(next)}</span>
            </p>
          )}
        </div>
      )}
      <MergeButton customer={customer} />
      <WriteButton customer={customer} />
    </div>
  );
}
