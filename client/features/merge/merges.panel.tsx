import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { may } from '../../../shared/access.ts';
import type { MergeEntry } from '../../../shared/merge.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Split } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { PanelCard } from '../customers/panels/card.tsx';
import type { PanelProps } from '../customers/panels/panels.tsx';
import { useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { Loaded, useOffline } from '../settings/page.tsx';
import { useMerging } from './merging.ts';

/** Of which records this one is made, and what goes back where when one is taken out again. */
export function MergesPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const members = customer.members.length;
  const query = useQuery({
    queryKey: ['merges', customer.id, members],
    queryFn: () => calls.merges(customer.id),
    enabled: members > 1,
  });
  // Most records were never merged: there is nothing to say then.
  if (members <= 1) return null;
  return (
    <PanelCard title={w.panels.names.merges}>
      <Loaded query={query} failed={w.merge.mergesFailed}>
        {({ merges }) =>
          merges.length === 0 ? (
            <p className="text-sm text-ink-muted">{w.merge.none}</p>
          ) : (
            <ul className="flex flex-col gap-4">
              {merges.map((entry) => (
                <Entry key={entry.linkId} entry={entry} customerId={customer.id} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </PanelCard>
  );
}

function Entry({ entry, customerId }: { entry: MergeEntry; customerId: string }) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const me = useMe();
  const users = useUsers();
  const offline = useOffline();
  const { separate } = useMerging();
  const [busy, setBusy] = useState(false);
  const { merged, linkId, reason, at } = entry;
  const who = entry.byUserId && (users.get(entry.byUserId)?.name ?? t.common.unknown);
  const when = fmt.date(at, now);
  const run = async () => {
    setBusy(true);
    try {
      await separate({ customerId, linkId, name: merged.name, reason });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
      setBusy(false);
    }
  };
  return (
    <li className="flex gap-2.5">
      <Avatar name={merged.name} seed={merged.id} size="sm" />
      <div className="min-w-0 flex-1">
        <PersonName name={merged.name} className="font-medium" />
        <p className="text-2xs text-ink-muted">
          <time dateTime={at} title={fmt.both(at)}>
            {who ? w.merge.by(who, when) : w.merge.byProof(when)}
          </time>
        </p>
        {entry.byUserId && reason && (
          <p className="mt-1 text-xs text-pretty wrap-anywhere">
            <bdi>{reason}</bdi>
          </p>
        )}
        <p className="mt-1 text-xs text-pretty text-ink-muted">
          {w.merge.goesBack(entry.identities, entry.conversations)}
        </p>
        {may(me, 'customer.link') && (
          <Button
            size="sm"
            className="mt-2"
            icon={<Split size={14} aria-hidden />}
            aria-label={w.merge.unmergeOf(plainName(merged.name))}
            isPending={busy}
            isDisabled={offline}
            onPress={() => void run()}
          >
            {w.merge.unmerge}
          </Button>
        )}
      </div>
    </li>
  );
}
