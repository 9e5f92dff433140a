import { lazy, Suspense, useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { ArrowLeft, CircleCheck, PanelRight, RotateCcw } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useCustomerSummary, useMe } from '../../state/hooks.tsx';
import { useRoom } from '../media.ts';
import { useDeeds } from './deeds.ts';
import { Assign } from './head.assign.tsx';
import { More } from './head.more.tsx';
import { Snooze } from './head.snooze.tsx';
import { Viewers, Where } from './head.where.tsx';
import { PersonName } from './person-name.tsx';

const PickSnooze = lazy(() => import('./snooze-dialog.tsx').then((all) => ({ default: all.PickSnooze })));

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
  const me = useMe();
  const room = useRoom();
  const deeds = useDeeds(header.id);
  const customer = useCustomerSummary(header.customerId);
  const open = header.status === 'open' || header.status === 'snoozed';
  const [picking, setPicking] = useState(false);
  const name = plainName(customer?.name ?? '') || t.customer.unnamed;
  const resolve = async () => {
    if (await deeds.resolve()) onNext();
  };
  const unread = async () => {
    await deeds.markUnread();
    onBack();
  };
  useHotkey('conversation.resolve', () => void resolve(), { enabled: open });
  useHotkey('conversation.assignToMe', () => void deeds.assign(me.id));
  useHotkey('conversation.unread', () => void unread());
  const phone = room === 'phone';
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
        <h2 className="text-md font-bold">
          <PersonName name={name} />
        </h2>
        <Where header={header} />
      </div>
      <Viewers conversationId={header.id} />
      {!phone && <Assign header={header} assign={deeds.assign} />}
      {!phone && open && (
        <Snooze header={header} snooze={deeds.snooze} wake={deeds.reopen} onPick={() => setPicking(true)} />
      )}
      {open ? (
        <Button
          variant="secondary"
          icon={<CircleCheck size={16} aria-hidden />}
          onPress={() => void resolve()}
          aria-label={t.resolve.button}
        >
          {phone ? null : t.resolve.button}
        </Button>
      ) : (
        header.status === 'resolved' && (
          <Button icon={<RotateCcw size={15} aria-hidden />} onPress={() => void deeds.reopen()}>
            {t.resolve.reopen}
          </Button>
        )
      )}
      <More header={header} phone={phone} onUnread={() => void unread()} onPick={() => setPicking(true)} />
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
      <Suspense>
        {picking && <PickSnooze isOpen onClose={() => setPicking(false)} onPick={deeds.snooze} />}
      </Suspense>
    </header>
  );
}
