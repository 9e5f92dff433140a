import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import {
  AlarmClock,
  ArrowLeft,
  CircleCheck,
  PanelRight,
  RotateCcw,
  ShieldCheck,
  UserCheck,
} from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useCustomerSummary } from '../../state/hooks.tsx';
import { useRoom } from '../media.ts';
import { OnlineMark } from './customer.visit.tsx';
import { useDeeds } from './deeds.ts';
import { More } from './head.more.tsx';
import { HeadTags, Signs } from './head.signs.tsx';
import { Viewers, Where } from './head.where.tsx';
import { PersonName } from './person-name.tsx';
import { type PickerKind, useInboxUi } from './ui.ts';

export interface ConversationHeadProps {
  header: Conversation;
  /** To the next conversation, after this one was done with. */
  onNext: () => void;
  onBack: () => void;
  onCustomer: () => void;
}

/** Who it is, who looks after it, and what can be done with it. */
export function ConversationHead({ header, onNext, onBack, onCustomer }: ConversationHeadProps) {
  const t = useT();
  const room = useRoom();
  const set = useInboxUi((ui) => ui.set);
  const deeds = useDeeds([header.id]);
  const customer = useCustomerSummary(header.customerId);
  const open = header.status === 'open' || header.status === 'snoozed';
  const name = plainName(customer?.name ?? '') || t.customer.unnamed;
  const pick = (kind: PickerKind) => set({ picker: { kind, ids: [header.id] } });
  const resolve = async () => {
    if (await deeds.resolve()) onNext();
  };
  const unread = async () => {
    await deeds.markUnread();
    onBack();
  };
  useHotkey('conversation.unread', () => void unread());
  const phone = room === 'phone';
  const main =
    header.status === 'resolved'
      ? {
          label: t.resolve.reopen,
          icon: <RotateCcw size={15} aria-hidden />,
          onPress: () => void deeds.reopen(),
        }
      : header.status === 'spam'
        ? {
            label: t.spam.restore,
            icon: <ShieldCheck size={15} aria-hidden />,
            onPress: () => void deeds.notSpam(),
          }
        : {
            label: t.resolve.button,
            icon: <CircleCheck size={16} aria-hidden />,
            onPress: () => void resolve(),
          };
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 py-1.5">
      {phone && (
        <IconButton
          label={t.inbox.backToList}
          icon={<ArrowLeft size={18} className="mirror" />}
          onPress={onBack}
        />
      )}
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="min-w-0 text-md font-bold">
            <PersonName name={name} />
          </h2>
          <OnlineMark conversationId={header.id} />
          <Signs header={header} />
        </div>
        <div className="flex min-w-0 items-center gap-2">
          <Where header={header} />
          <HeadTags header={header} onTags={() => pick('tags')} />
        </div>
      </div>
      <Viewers conversationId={header.id} />
      {!phone && (
        <IconButton
          label={t.assign.title}
          hotkey="conversation.assign"
          icon={<UserCheck size={17} />}
          aria-haspopup="dialog"
          onPress={() => pick('assign')}
        />
      )}
      {!phone && open && (
        <IconButton
          label={t.snooze.title}
          hotkey="conversation.snooze"
          icon={<AlarmClock size={17} />}
          aria-haspopup="dialog"
          onPress={() => pick('snooze')}
        />
      )}
      {/* One button in one place: whatever it comes to mean, it keeps the keyboard. */}
      {header.status !== 'continued' && (
        <Button icon={main.icon} onPress={main.onPress} aria-label={main.label}>
          {phone ? null : main.label}
        </Button>
      )}
      <More header={header} phone={phone} onUnread={() => void unread()} onGone={onNext} />
      {room !== 'phone' && (
        <IconButton
          label={t.inbox.toggleCustomer}
          hotkey="panes.customer"
          icon={<PanelRight size={17} className="mirror" />}
          onPress={onCustomer}
        />
      )}
      {phone && (
        <button type="button" onClick={onCustomer} aria-label={t.inbox.customer} className="rounded-full">
          <Avatar name={name} seed={header.customerId} size="sm" />
        </button>
      )}
    </header>
  );
}
