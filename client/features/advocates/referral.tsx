import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AdvocateDetail } from '../../../shared/advocate.ts';
import { Button } from '../../components/button.tsx';
import { Ticket } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { money } from '../../lib/money.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { CopyButton } from '../settings/form.tsx';
import { useMayMove } from './queries.ts';

/** The code by which they bring others, and what it brought. */
export function ReferralPart({ detail }: { detail: AdvocateDetail }) {
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const writes = useMayMove();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { referral, advocate } = detail;
  const { customerId } = advocate;
  const make = async () => {
    setBusy(true);
    try {
      const made = await calls.makeReferralCode(customerId);
      client.setQueryData<AdvocateDetail>(
        ['advocates', 'one', customerId],
        (before) => before && { ...before, referral: made },
      );
      showToast({ text: w.referral.made(made.code), tone: 'ok' });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    } finally {
      setBusy(false);
    }
  };
  if (!referral)
    return (
      <div className="flex flex-col items-start gap-2 py-2">
        <p className="text-sm">{w.referral.none}</p>
        <p className="text-sm text-ink-muted">{w.referral.text}</p>
        {writes && (
          <Button icon={<Ticket size={15} aria-hidden />} isPending={busy} onPress={() => void make()}>
            {w.referral.make}
          </Button>
        )}
      </div>
    );
  return (
    <div className="flex flex-col gap-3 py-1">
      <div className="flex items-center gap-2 rounded-xl border border-dashed border-line-strong p-3">
        <div className="min-w-0 flex-1">
          <p className="text-2xs text-ink-muted">
            {w.referral.code} · {w.referral.since(fmt.date(referral.createdAt, now))}
          </p>
          <code dir="ltr" className="ui-start block font-mono text-xl font-bold tracking-widest select-all">
            {referral.code}
          </code>
        </div>
        <CopyButton text={referral.code} label={w.referral.copy} />
      </div>
      <p className="text-sm text-ink-muted">{w.referral.text}</p>
      <dl className="grid grid-cols-2 gap-3">
        <div>
          <dt className="text-2xs text-ink-muted">{w.referral.brought}</dt>
          <dd className="text-lg font-bold">{w.referral.purchases(referral.purchases)}</dd>
        </div>
        {referral.revenue.length > 0 && (
          <div>
            <dt className="text-2xs text-ink-muted">{w.referral.revenue}</dt>
            {referral.revenue.map((each) => (
              <dd key={each.currency} className="text-lg font-bold">
                {money(language, each)}
              </dd>
            ))}
          </div>
        )}
      </dl>
      {referral.purchases === 0 && <p className="text-xs text-ink-muted">{w.referral.noPurchases}</p>}
    </div>
  );
}
