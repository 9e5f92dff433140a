import { memo, useMemo } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { cx } from '../../components/cx.ts';
import {
  AlarmClock,
  AtSign,
  CircleAlert,
  Eye,
  Frown,
  Paperclip,
  Phone,
  Square,
  SquareCheck,
  StickyNote,
} from '../../components/icons.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { PreviewText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import {
  useCustomerSummary,
  useDraft,
  useHeader,
  useIsUnread,
  useMe,
  usePresence,
  useStore,
} from '../../state/hooks.tsx';
import { useChannelLook, useUsers } from '../directory.ts';
import { PersonName } from './person-name.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { selectTo, toggleSelected } from './selection.ts';

export interface ConversationRowProps {
  id: string;
  domId: string;
  selected: boolean;
  position: number;
  /** -1 while more can be loaded. */
  of: number;
  onOpen: (id: string) => void;
  /** Chosen for a deed on several. */
  chosen: boolean;
  /** Some row is: each shows its box. */
  choosing: boolean;
  /** The team that need not be said: the list is of it alone, or there is no other. */
  onlyTeamId: string | null;
}

/** One conversation in the list: who, on which channel, the last words, when, and what is owed. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { id, domId, selected, position, of, onOpen, chosen, choosing, onlyTeamId } = props;
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const now = useNow();
  const users = useUsers();
  const look = useChannelLook();
  const header = useHeader(id);
  const customer = useCustomerSummary(header?.customerId);
  const unread = useIsUnread(header);
  const others = usePresence(id)?.users.filter(({ userId }) => userId !== me.id) ?? [];
  if (!header) return null;
  const name = plainName(customer?.name ?? '') || t.row.unnamed;
  const channelId = header.preview?.channelId ?? header.replyTarget?.channelId ?? header.channelIds[0];
  const assignee = header.assigneeId ? users.get(header.assigneeId) : undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it takes the keys for the active row
    <div
      id={domId}
      role="option"
      tabIndex={-1}
      aria-selected={choosing ? chosen : selected}
      {...(choosing && selected && { 'aria-current': 'true' as const })}
      aria-posinset={position}
      aria-setsize={of}
      onClick={(event) => {
        if (event.shiftKey) selectTo(id);
        else if (event.ctrlKey || event.metaKey) toggleSelected(id);
        else onOpen(id);
      }}
      className={cx(
        'group/row relative flex h-(--row) cursor-default items-center gap-3 border-b border-line ps-3.5 pe-3 text-start',
        selected || chosen
          ? 'bg-accent-soft [--ring:var(--accent-soft)]'
          : 'bg-surface hover:bg-hover hover:[--ring:var(--hover)]',
      )}
    >
      {selected && <span aria-hidden className="absolute inset-y-0 start-0 w-[3px] bg-accent" />}
      <span className="relative inline-flex">
        <Avatar
          name={name}
          seed={header.customerId}
          glyph={look(channelId).glyph}
          className={choosing ? 'invisible' : 'group-hover/row:invisible [@media(pointer:coarse)]:visible'}
        />
        {/* The keyboard has a key for it; as an option's part it is no control of its own. */}
        <span
          aria-hidden
          title={t.bulk.select(name)}
          data-choose
          onClick={(event) => {
            event.stopPropagation();
            if (event.shiftKey) selectTo(id);
            else toggleSelected(id);
          }}
          className={cx(
            'absolute inset-0 grid place-items-center rounded-full',
            choosing ? 'visible' : 'invisible group-hover/row:visible [@media(pointer:coarse)]:invisible',
            chosen ? 'text-accent-ink' : 'text-ink-faint hover:text-ink',
          )}
        >
          {chosen ? <SquareCheck size={20} /> : <Square size={20} />}
        </span>
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <PersonName name={name} className={cx('min-w-0 flex-1', unread ? 'font-bold' : 'font-medium')} />
          <Marks header={header} onlyTeamId={onlyTeamId} />
          <time
            dateTime={header.lastAt}
            title={fmt.both(header.lastAt)}
            className={cx('shrink-0 text-2xs', unread ? 'font-semibold text-accent-ink' : 'text-ink-faint')}
          >
            {fmt.short(header.lastAt, now)}
          </time>
        </div>
        <div className="mt-0.5 flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <Preview header={header} unread={unread} />
          </div>
          <Tags header={header} />
          {others.length > 0 && (
            <span
              role="img"
              className="inline-flex text-info-ink"
              aria-label={t.row.viewing(fmt.list(others.map(({ userId }) => users.get(userId)?.name ?? '')))}
            >
              <Eye size={14} aria-hidden />
            </span>
          )}
          {assignee && (
            <span
              className="inline-flex"
              role="img"
              aria-label={t.row.assignedTo(assignee.name)}
              title={assignee.name}
            >
              <Avatar name={assignee.name} seed={assignee.id} size="xs" />
            </span>
          )}
          {unread && (
            <span className="inline-flex">
              <span aria-hidden className="size-2.5 rounded-full bg-accent" />
              <span className="sr-only">{t.row.unread}</span>
            </span>
          )}
        </div>
      </div>
    </div>
  );
});

/** Two of its tags; how many more there are is said in words. */
function Tags({ header }: { header: Conversation }) {
  const t = useT();
  const tags = useStore((state) => state.tags);
  const shown = header.tagIds.map((id) => tags.get(id)).filter((tag) => tag !== undefined);
  if (shown.length === 0) return null;
  return (
    <span className="flex shrink-0 gap-1">
      {shown.slice(0, 2).map((tag) => (
        <TagChip key={tag.id} tag={tag} narrow />
      ))}
      {shown.length > 2 && <span className="sr-only">{t.tags.more(shown.length - 2)}</span>}
    </span>
  );
}

function Marks({ header, onlyTeamId }: { header: Conversation; onlyTeamId: string | null }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const me = useMe();
  const said = header.teamId === onlyTeamId ? null : header.teamId;
  const team = useStore((state) => (said ? state.teams.get(said)?.name : undefined));
  return (
    <>
      {header.mentionedIds.includes(me.id) && (
        <span role="img" aria-label={t.mention.mark} title={t.mention.mark} className="text-note-ink">
          <AtSign size={14} aria-hidden className="translate-y-0.5" />
        </span>
      )}
      <span className="translate-y-0.5 self-center">
        <PriorityMark priority={header.priority} />
      </span>
      {team && (
        <span className="max-w-20 shrink truncate rounded-sm bg-sunken px-1 text-2xs text-ink-muted">
          <span className="sr-only">{t.team.of('')}</span>
          <bdi>{plainName(team)}</bdi>
        </span>
      )}
      {header.undelivered > 0 && (
        <span role="img" aria-label={t.row.undelivered} title={t.row.undelivered} className="text-danger-ink">
          <CircleAlert size={14} aria-hidden className="translate-y-0.5" />
        </span>
      )}
      {header.lastSentiment === 'negative' && (
        <span role="img" aria-label={t.row.negative} title={t.row.negative} className="text-danger-ink">
          <Frown size={14} aria-hidden className="translate-y-0.5" />
        </span>
      )}
      {header.status === 'snoozed' && header.snoozedUntil && (
        <span
          role="img"
          aria-label={t.row.snoozedUntil(fmt.when(header.snoozedUntil, now))}
          title={t.row.snoozedUntil(fmt.when(header.snoozedUntil, now))}
          className="text-ink-faint"
        >
          <AlarmClock size={14} aria-hidden className="translate-y-0.5" />
        </span>
      )}
      {header.status === 'resolved' && (
        <span className="rounded-sm bg-sunken px-1 text-2xs text-ink-faint">{t.row.status.resolved}</span>
      )}
    </>
  );
}

function Preview({ header, unread }: { header: Conversation; unread: boolean }) {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const { direction } = useLocale();
  const reply = useDraft(header.id, 'reply')?.text;
  const note = useDraft(header.id, 'note')?.text;
  const draft = reply || note;
  const { preview } = header;
  const names = useMemo(() => [...users.values()].map(({ name }) => name), [users]);
  const tone = unread ? 'text-ink' : 'text-ink-muted';
  if (draft)
    return (
      <span className="flex gap-1 text-xs">
        <span className="shrink-0 font-medium text-danger-ink">{t.row.draft}</span>
        <span className="min-w-0 flex-1 text-ink-muted">
          <PreviewText text={draft} fallback={direction} />
        </span>
      </span>
    );
  if (!preview) return <span className="text-xs text-ink-faint">{t.row.noMessages}</span>;
  const author =
    preview.direction !== 'out' && preview.kind !== 'note'
      ? null
      : preview.authorId === me.id
        ? t.row.you
        : preview.authorId
          ? t.row.colleague(users.get(preview.authorId)?.name ?? '')
          : null;
  return (
    <span className="flex items-center gap-1 text-xs">
      {preview.kind === 'note' && (
        <StickyNote size={13} className="shrink-0 text-note-ink" role="img" aria-label={t.row.note} />
      )}
      {preview.kind === 'call' && (
        <Phone size={13} className="shrink-0 text-ink-faint" role="img" aria-label={t.row.call} />
      )}
      {author && <span className="max-w-24 shrink-0 truncate text-ink-faint">{author}</span>}
      {preview.attachments > 0 && <Paperclip size={12} aria-hidden className="shrink-0 text-ink-faint" />}
      <span className={cx('min-w-0 flex-1', tone)}>
        <PreviewText
          {...(preview.kind === 'note' && { people: names })}
          text={
            preview.text ||
            (preview.kind === 'call'
              ? t.row.call
              : preview.attachments > 0
                ? t.row.attachments(preview.attachments)
                : '')
          }
          fallback={direction}
        />
      </span>
    </span>
  );
}
