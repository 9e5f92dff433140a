import { useQueryClient } from '@tanstack/react-query';
import { type Identity, isUnproven } from '../../../../shared/customer.ts';
import { channelKinds } from '../../../../shared/profile.ts';
import { IconButton } from '../../../components/button.tsx';
import { ChannelGlyph } from '../../../components/channel-glyph.tsx';
import { cx } from '../../../components/cx.ts';
import {
  BadgeCheck,
  Ban,
  Check,
  Copy,
  Ellipsis,
  Hash,
  type LucideIcon,
  Mail,
  Phone,
  ShieldCheck,
  ShieldQuestion,
  Trash2,
  User,
  X,
} from '../../../components/icons.ts';
import { Menu, type MenuEntry } from '../../../components/menu.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { plainName } from '../../../lib/bidi.ts';
import { useNow } from '../../../lib/time.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { useChannelLook, useUsers } from '../../directory.ts';
import { errorText } from '../../error-text.ts';
import { proofText } from '../../proof-text.ts';
import { useKeepCustomer, useUndo } from '../change.ts';
import { useMayWrite } from '../may-write.ts';

/** Of what was never met on a channel. */
const signs: Partial<Record<Identity['kind'], LucideIcon>> = {
  mobile: Phone,
  phone: Phone,
  emailAddress: Mail,
  nationalCode: BadgeCheck,
  customerNumber: Hash,
};

export interface ContactLineProps {
  identity: Identity;
  customerId: string;
  /** By a code. */
  onVerify: () => void;
  /** By one's own word. */
  onVouch: () => void;
}

/** One way to the customer: how far it is proven, who said so, whether it works. */
export function ContactLine({ identity, customerId, onVerify, onVouch }: ContactLineProps) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const look = useChannelLook();
  const { kind, verified, unreachable, blocked, channelIds } = identity;
  const display = plainName(identity.display);
  const [channelId] = channelIds;
  const Sign = signs[kind] ?? User;
  const from = useSource(identity);
  const Mark = verified ? ShieldCheck : ShieldQuestion;
  return (
    <li className="flex items-start gap-2.5 py-1.5">
      {channelId ? (
        <ChannelGlyph glyph={look(channelId).glyph} size={22} />
      ) : (
        <span className="grid size-5.5 shrink-0 place-items-center rounded-full bg-sunken text-ink-muted">
          <Sign size={13} aria-hidden />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <bdi
            {...(!/\p{L}/u.test(display) || display.includes('@') ? { dir: 'ltr' } : {})}
            className={cx('min-w-0 truncate text-sm font-medium', unreachable && 'line-through')}
          >
            {display}
          </bdi>
          <span
            className={cx(
              'inline-flex shrink-0 items-center gap-1 text-2xs',
              verified ? 'text-ok-ink' : 'text-ink-muted',
            )}
            title={proofText(identity, w)}
          >
            <Mark size={12} aria-hidden />
            {verified ? w.contacts.verified : w.contacts.stated}
          </span>
        </p>
        <p className="text-2xs text-ink-muted">
          {w.identityKind[kind]}
          {' · '}
          {identity.proof === 'agentVerified'
            ? w.contacts.verifiedBy(from, fmt.date(identity.provenAt, now))
            : identity.lastSeenAt
              ? t.customer.lastSeen(fmt.relative(identity.lastSeenAt, now))
              : w.contacts.statedBy(from, fmt.date(identity.provenAt, now))}
        </p>
        {identity.reason && (
          <p dir="auto" className="ui-start text-2xs wrap-anywhere text-ink-faint">
            {identity.reason}
          </p>
        )}
        {(unreachable || blocked) && (
          <p className="flex items-center gap-1 text-2xs text-danger-ink">
            <Ban size={12} aria-hidden />
            {blocked ? t.spam.blockedMark : t.customer.unreachable}
          </p>
        )}
      </div>
      <Deeds identity={identity} customerId={customerId} onVerify={onVerify} onVouch={onVouch} />
    </li>
  );
}

/** Who said that it is theirs. */
function useSource({ source }: Identity): string {
  const w = useCustomerWords();
  const users = useUsers();
  const look = useChannelLook();
  if (!source) return w.contacts.bySource.user;
  if (source.by === 'user') return users.get(source.id)?.name ?? w.contacts.bySource.user;
  if (source.by === 'channel') return look(source.id).name || w.contacts.bySource.channel;
  return w.contacts.bySource[source.by];
}

function Deeds({ identity, customerId, onVerify, onVouch }: ContactLineProps) {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const keep = useKeepCustomer();
  const undo = useUndo(customerId);
  const writes = useMayWrite();
  const { id, kind, display, verified, blocked, unreachable, removable } = identity;
  const failed = (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' });
  const block = (wanted: boolean, canUndo: boolean): void => {
    calls.block(id, wanted).then(() => {
      void client.invalidateQueries({ queryKey: ['customer', customerId] });
      showToast({
        text: wanted ? t.spam.blocked(display) : t.spam.unblocked(display),
        ...(canUndo && { undo: () => block(!wanted, false) }),
      });
    }, failed);
  };
  const reach = (gone: boolean, canUndo: boolean): void => {
    calls.markIdentity(id, gone).then(() => {
      void client.invalidateQueries({ queryKey: ['customer', customerId] });
      showToast({
        text: gone ? w.contacts.nobodySaid(display) : w.contacts.reachedSaid(display),
        ...(canUndo && { undo: () => reach(!gone, false) }),
      });
    }, failed);
  };
  const remove = async () => {
    try {
      const { customer, edits } = await calls.removeIdentity(customerId, id);
      keep(customer);
      showToast({ text: w.contacts.removed(display), undo: () => void undo(edits) });
    } catch (error) {
      failed(error);
    }
  };
  const items: MenuEntry[] = [
    {
      id: 'copy',
      label: w.contacts.copy,
      icon: <Copy size={15} />,
      onAction: () =>
        void navigator.clipboard
          ?.writeText(display)
          .then(() => showToast({ text: t.common.copied, stays: 2_000 })),
    },
  ];
  if (writes && !verified && !isUnproven(kind))
    items.unshift({
      id: 'vouch',
      label: w.contacts.vouch,
      icon: <BadgeCheck size={15} />,
      onAction: onVouch,
    });
  if (writes && !verified && (kind === 'mobile' || kind === 'emailAddress'))
    items.unshift({
      id: 'verify',
      label: w.contacts.verify,
      icon: <ShieldCheck size={15} />,
      onAction: onVerify,
    });
  if (writes)
    items.push({
      id: 'block',
      label: blocked ? t.spam.unblock : t.spam.block,
      icon: <Ban size={15} />,
      onAction: () => block(!blocked, true),
    });
  if (writes && (channelKinds as readonly string[]).includes(kind))
    items.push({
      id: 'reach',
      label: unreachable ? w.contacts.reached : w.contacts.nobody,
      icon: unreachable ? <Check size={15} /> : <X size={15} />,
      onAction: () => reach(!unreachable, true),
    });
  if (writes && removable)
    items.push({
      id: 'remove',
      label: w.contacts.remove,
      icon: <Trash2 size={15} />,
      danger: true,
      onAction: () => void remove(),
    });
  return (
    <Menu
      label={w.contacts.deeds(display)}
      placement="bottom end"
      trigger={<IconButton size="sm" label={w.contacts.deeds(display)} icon={<Ellipsis size={15} />} />}
      items={items}
    />
  );
}
