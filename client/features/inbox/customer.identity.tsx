import { useState } from 'react';
import type { Identity } from '../../../shared/customer.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { Ban, ShieldCheck, ShieldQuestion } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { queries, useWorkspace } from '../../state/hooks.tsx';
import { useChannelLook, useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { proofText } from '../proof-text.ts';

/** One way to the customer: how far it is proven, whether it works, and whether they may write from there. */
export function IdentityLine({ identity, customerId }: { identity: Identity; customerId: string }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const look = useChannelLook();
  const { glyph } = look(identity.channelIds[0]);
  const { busy, block } = useBlock(identity, customerId);
  const { blocked, unreachable, verified } = identity;
  const Mark = verified ? ShieldCheck : ShieldQuestion;
  const users = useUsers();
  const by = identity.proof === 'agentVerified' && users.get(identity.source?.id ?? '')?.name;
  return (
    <li className="group/identity flex items-start gap-2.5">
      <ChannelGlyph glyph={glyph} size={20} />
      <div className="min-w-0 flex-1">
        <bdi
          dir="ltr"
          className={cx('ui-start block truncate text-sm font-medium', unreachable && 'line-through')}
        >
          {plainName(identity.display)}
        </bdi>
        <p className="text-2xs text-ink-faint">
          {t.customer.kind[identity.kind]}
          {identity.lastSeenAt && ` · ${t.customer.lastSeen(fmt.relative(identity.lastSeenAt, now))}`}
        </p>
        <p
          className={cx(
            'mt-0.5 inline-flex items-center gap-1 text-2xs',
            verified ? 'text-ok-ink' : 'text-ink-muted',
          )}
        >
          <Mark size={12} aria-hidden />
          {by ? t.customer.verifiedBy(by, identity.reason) : proofText(identity, t.customer)}
        </p>
        {unreachable && (
          <p className="flex items-center gap-1 text-2xs text-danger-ink">
            <Ban size={12} aria-hidden />
            {t.customer.unreachable}
          </p>
        )}
        {blocked && (
          <p className="flex items-center gap-1 text-2xs text-danger-ink">
            <Ban size={12} aria-hidden />
            {t.spam.blockedMark}
          </p>
        )}
      </div>
      <Button
        size="sm"
        variant="quiet"
        isPending={busy}
        className={cx(
          'shrink-0',
          // Seldom wanted: there for the keyboard, for a hand over the line, and where there is no hovering.
          !blocked &&
            'opacity-0 transition-opacity group-focus-within/identity:opacity-100 group-hover/identity:opacity-100 [@media(pointer:coarse)]:opacity-100',
        )}
        aria-label={blocked ? t.spam.unblockOne(identity.display) : t.spam.blockOne(identity.display)}
        onPress={() => void block(!blocked, true)}
      >
        {blocked ? t.spam.unblock : t.spam.block}
      </Button>
    </li>
  );
}

/** Stops an identity from writing to us, or lets it again; either can be taken back. */
function useBlock(identity: Identity, customerId: string) {
  const t = useT();
  const { calls } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const { id, display } = identity;
  const block = async (blocked: boolean, canUndo: boolean) => {
    setBusy(true);
    try {
      await calls.block(id, blocked);
      void queries.invalidateQueries({ queryKey: ['customer', customerId] });
      showToast({
        text: blocked ? t.spam.blocked(display) : t.spam.unblocked(display),
        ...(canUndo && { undo: () => void block(!blocked, false) }),
      });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return { busy, block };
}
