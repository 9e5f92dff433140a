import { useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { ChevronDown } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { iso } from '../../i18n/words.ts';
import { useMe, useStore } from '../../state/hooks.tsx';
import { useChannelLook, useUsers } from '../directory.ts';

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const ids = (value: unknown) => (Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []);
const count = ({ count: n }: Record<string, unknown>) => (typeof n === 'number' ? n : 0);

/** One event of a conversation, in words. */
export function useEventWords(): (message: Message) => string {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const look = useChannelLook();
  const customers = useStore((state) => state.customers);
  const teams = useStore((state) => state.teams);
  const tags = useStore((state) => state.tags);
  const levels: Record<string, string> = t.priority.levels;
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
        return t.event.linked(who, identity ?? other ?? null);
      }
      case 'unmerged':
        return t.event.unmerged(who, customers.get(text(data['customerId']) ?? '')?.name ?? null);
      case 'continued':
        return data['successorId'] ? t.event.continuedIn : t.event.continuedFrom;
      case 'teamed': {
        const to = text(data['to']);
        return to ? t.event.teamed(who, teams.get(to)?.name ?? t.views.team) : t.event.unteamed(who);
      }
      case 'prioritised':
        return t.event.prioritised(who, levels[text(data['to']) ?? ''] ?? '');
      case 'tagged': {
        const names = (key: string) =>
          fmt.list(ids(data[key]).map((id) => iso(tags.get(id)?.name ?? t.tags.unknown)));
        return [
          ids(data['added']).length > 0 && t.event.tagged(who, names('added')),
          ids(data['removed']).length > 0 && t.event.untagged(who, names('removed')),
        ]
          .filter(Boolean)
          .join(' · ');
      }
      case 'split':
        return text(data['toId']) ? t.event.splitTo(who, count(data)) : t.event.splitFrom(who, count(data));
      case 'broughtBack':
        return text(data['fromId']) ? t.event.broughtBack(who, count(data)) : t.event.broughtBackTo(who);
      case 'spam':
      case 'notSpam':
        return t.event[type](who);
      case 'blocked':
      case 'unblocked':
        return t.event[type](who, text(data['identityId'])?.replace(/^[^:]+:/, '') ?? '');
      case 'codeSent':
      case 'verified':
        return t.event[type](who, text(data['to']) ?? '');
      case 'handedOver':
        return t.event.handedOver(who);
      case 'mentionsCame':
        return t.event.mentionsCame(count(data));
      case 'followedUp':
        return t.event.followedUp(look(text(data['channelId'])).name);
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
