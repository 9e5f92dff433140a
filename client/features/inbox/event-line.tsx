import { useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { ChevronDown } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe, useStore } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';

const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** One event of a conversation, in words. */
function useEventWords(): (message: Message) => string {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const customers = useStore((state) => state.customers);
  const nameOf = (id: string | null) =>
    id === null ? null : id === me.id ? me.name : (users.get(id)?.name ?? t.common.unknown);
  return ({ event, authorId, at }) => {
    if (!event) return '';
    const { type, data } = event;
    const who = nameOf(authorId);
    switch (type) {
      case 'begun':
        return t.event.begun(who);
      case 'assigned': {
        const to = nameOf(text(data['to']));
        if (to === null) return t.event.unassigned(who);
        return who !== null && who === to ? t.event.assignedToSelf(who) : t.event.assigned(who, to);
      }
      case 'snoozed':
        return t.event.snoozed(who, fmt.when(text(data['until']) ?? at, at));
      case 'woken':
        if (data['by'] === 'agent' && who) return t.event.wokenByAgent(who);
        return data['by'] === 'time' ? t.event.wokenByTime : t.event.wokenByMessage;
      case 'resolved':
        return t.event.resolved(who);
      case 'reopened':
        if (data['by'] === 'message' || who === null) return t.event.reopenedByMessage;
        return data['by'] === 'reply' ? t.event.reopenedByReply(who) : t.event.reopenedByAgent(who);
      case 'linked': {
        const identity = text(data['identityId'])?.replace(/^[^:]+:/, '');
        const other = customers.get(text(data['customerId']) ?? '')?.name;
        return t.event.linked(who, identity ?? other ?? '');
      }
      case 'continued':
        return data['successorId'] ? t.event.continuedIn : t.event.continuedFrom;
    }
  };
}

/** What happened between messages; more than two are folded. */
export function EventLine({ events }: { events: readonly Message[] }) {
  const t = useT();
  const fmt = useFmt();
  const words = useEventWords();
  const [open, setOpen] = useState(false);
  const folded = events.length > 2 && !open;
  return (
    <div className="flex flex-col items-center gap-0.5 px-6 py-1 text-center text-2xs text-ink-faint">
      {events.length > 2 && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="inline-flex min-h-6 items-center gap-1 rounded-full px-2 hover:bg-hover hover:text-ink"
        >
          {t.timeline.events(events.length)}
          <ChevronDown size={13} aria-hidden className={open ? 'rotate-180' : ''} />
        </button>
      )}
      {!folded &&
        events.map((event) => (
          <p key={event.id}>
            {words(event)}
            <time dateTime={event.at} title={fmt.both(event.at)} className="ms-1.5">
              {fmt.time(event.at)}
            </time>
          </p>
        ))}
    </div>
  );
}
