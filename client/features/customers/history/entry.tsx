import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { HistoryEntry } from '../../../../shared/history.ts';
import type { Message } from '../../../../shared/message.ts';
import type { CustomerRecord } from '../../../../shared/record.ts';
import type { Reward } from '../../../../shared/reward.ts';
import { Chip } from '../../../components/badge.tsx';
import { ChannelGlyph } from '../../../components/channel-glyph.tsx';
import { cx } from '../../../components/cx.ts';
import {
  BadgeCheck,
  CircleDashed,
  Gift,
  Merge,
  Paperclip,
  Pencil,
  Quote,
  ShoppingBag,
  StickyNote,
  Wrench,
} from '../../../components/icons.ts';
import { Ticks } from '../../../components/ticks.tsx';
import { useAdvocateWords } from '../../../i18n/advocate-words.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../../i18n/locale.tsx';
import { useSocialWords } from '../../../i18n/social-words.ts';
import { plainName } from '../../../lib/bidi.ts';
import { MessageText } from '../../../lib/message-text.tsx';
import { money } from '../../../lib/money.ts';
import { useMe } from '../../../state/hooks.tsx';
import { CallIcon, useCallTitle } from '../../calls/call-entry.tsx';
import { isMissed } from '../../calls/missed.ts';
import { useChannelLook, useUsers } from '../../directory.ts';
import { useEventWords } from '../../inbox/event-line.tsx';
import { PublicMark } from '../../inbox/public-mark.tsx';
import { proofText } from '../../proof-text.ts';
import { SentimentSign } from '../../sentiment/sign.tsx';
import { isolated, useEditWords } from './edit-words.ts';

export interface EntryProps {
  entry: HistoryEntry;
  customerName: string;
}

/** One thing that happened. */
export function Entry({ entry, customerName }: EntryProps) {
  switch (entry.kind) {
    case 'message':
    case 'note':
      return <Said message={entry.message} customerName={customerName} />;
    case 'call':
      return <Called message={entry.message} customerName={customerName} />;
    case 'event':
      return <Happened message={entry.message} />;
    case 'purchase':
    case 'service':
      return <Bought record={entry.record} />;
    case 'merge':
      return <Merged entry={entry} />;
    case 'edit':
      return <Edited entry={entry} />;
    case 'verification':
      return <Verified entry={entry} />;
    case 'reward':
      return <Rewarded reward={entry.reward} />;
    case 'testimonial':
      return <Quoted entry={entry} />;
  }
}

interface LineProps {
  icon: ReactNode;
  at: string;
  /** Of what is read, not glanced over. */
  strong?: boolean;
  head: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
}

/** A sign, one line of what it is, when it was; below it what there is to read. */
function Line({ icon, at, strong = false, head, aside, children }: LineProps) {
  const fmt = useFmt();
  return (
    <article
      tabIndex={-1}
      data-entry
      className={cx(
        'flex gap-3 px-4 focus-visible:bg-hover focus-visible:outline-offset-[-2px] sm:px-5',
        strong ? 'py-2' : 'py-0.5',
      )}
    >
      <span
        className={cx(
          'grid size-7 shrink-0 place-items-center rounded-full',
          strong ? 'mt-0.5 bg-sunken text-ink-muted' : 'text-ink-faint',
        )}
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <p className={cx('flex items-baseline gap-3', strong ? 'text-sm' : 'pt-1 text-xs text-ink-muted')}>
          <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
            <span className={cx('min-w-0 wrap-anywhere', strong && 'font-medium')}>{head}</span>
            {aside}
          </span>
          <time dateTime={at} title={fmt.both(at)} className="shrink-0 text-2xs text-ink-faint">
            {fmt.time(at)}
          </time>
        </p>
        <div className="wrap-anywhere">{children}</div>
      </div>
    </article>
  );
}

function Said({ message, customerName }: { message: Message; customerName: string }) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const look = useChannelLook();
  const users = useUsers();
  const { direction } = useLocale();
  const { glyph, name } = look(message.channelId);
  const note = message.kind === 'note';
  const ours = note || message.direction === 'out';
  const author = message.authorId === me.id ? t.common.you : users.get(message.authorId ?? '')?.name;
  const who = ours
    ? (author ?? (message.sentElsewhere ? t.timeline.sentElsewhere : t.timeline.automatic))
    : customerName;
  const files = message.attachments.filter(({ inline }) => !inline);
  return (
    <Line
      strong
      icon={
        note ? (
          <StickyNote size={15} aria-label={w.searchPage.note} />
        ) : (
          <ChannelGlyph glyph={glyph} size={18} label={name} />
        )
      }
      at={message.at}
      head={<bdi>{plainName(who) || t.customer.unnamed}</bdi>}
      aside={
        <>
          {message.visibility === 'public' && (
            <span className="text-2xs">
              <PublicMark />
            </span>
          )}
          {message.direction === 'in' && message.sentiment && !message.deletedAt && (
            <SentimentSign label={message.sentiment.label} />
          )}
          {message.delivery && <Ticks state={message.delivery.state} />}
          <OpenMessage message={message} />
        </>
      }
    >
      <div
        className={cx(
          'mt-1 w-fit max-w-prose rounded-lg border px-3 py-1.5 text-sm',
          note
            ? 'border-note-line bg-note text-note-ink'
            : message.visibility === 'public'
              ? cx('border-public-line', ours ? 'bg-public' : 'bg-bubble-in')
              : ours
                ? 'border-bubble-out-line bg-bubble-out'
                : 'border-bubble-in-line bg-bubble-in',
        )}
      >
        {message.deletedAt ? (
          <p className="text-ink-faint">{t.timeline.deleted}</p>
        ) : (
          <>
            {message.letter?.subject && (
              <p dir="auto" className="font-medium">
                {message.letter.subject}
              </p>
            )}
            {message.text && <MessageText text={message.text} fallback={direction} />}
            {files.map((file) => (
              <p key={file.id} className="flex items-center gap-1 text-xs text-ink-muted">
                <Paperclip size={12} aria-hidden />
                <bdi className="truncate">{file.name}</bdi>
              </p>
            ))}
          </>
        )}
      </div>
    </Line>
  );
}

/** Where in the inbox it stands. */
function OpenMessage({ message }: { message: Message }) {
  const w = useCustomerWords();
  return (
    <Link
      href={`/inbox/all/${message.conversationId}?message=${encodeURIComponent(message.id)}`}
      className="text-2xs text-accent-ink underline-offset-3 hover:underline"
    >
      {w.history.open}
    </Link>
  );
}

/** A telephone call: who called whom, how it ended, how long they spoke, and what was noted. */
function Called({ message, customerName }: { message: Message; customerName: string }) {
  const t = useT();
  const w = useSocialWords().call;
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const { direction } = useLocale();
  const titleOf = useCallTitle();
  const { call } = message;
  if (!call) return null;
  const missed = isMissed(call);
  const agent = call.agentId === me.id ? t.common.you : plainName(users.get(call.agentId ?? '')?.name ?? '');
  const facts = [
    call.disposition !== null &&
      call.disposition !== 'answered' &&
      !(missed && call.disposition === 'missed') &&
      w.dispositions[call.disposition],
    call.talked !== null && call.talked > 0 && w.talked(fmt.duration(call.talked * 1000)),
    agent && w.by(agent),
  ].filter(Boolean);
  return (
    <Line
      strong
      icon={
        <span className={missed ? 'text-danger-ink' : ''}>
          <CallIcon call={call} size={15} />
        </span>
      }
      at={message.at}
      head={
        <>
          <span className={missed ? 'text-danger-ink' : ''}>{titleOf(call)}</span>{' '}
          <bdi className="font-normal text-ink-muted">{plainName(customerName) || t.customer.unnamed}</bdi>
        </>
      }
      aside={<OpenMessage message={message} />}
    >
      {facts.length > 0 && <p className="text-xs text-ink-muted">{facts.join(' · ')}</p>}
      {message.text && (
        <div className="mt-1 w-fit max-w-prose rounded-lg border border-line bg-surface px-3 py-1.5 text-sm">
          <MessageText text={message.text} fallback={direction} />
        </div>
      )}
    </Line>
  );
}

function Happened({ message }: { message: Message }) {
  const words = useEventWords();
  return <Line icon={<CircleDashed size={14} aria-hidden />} at={message.at} head={words(message)} />;
}

const tones = { open: 'info', done: 'ok', cancelled: 'danger', returned: 'warn' } as const;

function Bought({ record }: { record: CustomerRecord }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const { language } = useLocale();
  const Icon = record.kind === 'service' ? Wrench : ShoppingBag;
  const price = (amount: number) => money(language, { amount, currency: record.currency });
  return (
    <Line
      strong
      icon={<Icon size={15} aria-label={w.searchPage.record[record.kind]} />}
      at={record.at}
      head={<bdi>{record.title}</bdi>}
      aside={<Chip tone={tones[record.status]}>{record.statusText || w.history.status[record.status]}</Chip>}
    >
      <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
        {record.amount !== null && <span className="font-medium text-ink">{price(record.amount)}</span>}
        {record.externalId && (
          <bdi dir="ltr" className="font-mono text-2xs">
            {record.externalId}
          </bdi>
        )}
      </p>
      {record.items.length > 0 && (
        <ul className="mt-1 text-xs text-ink-muted">
          {record.items.slice(0, 5).map((item) => (
            <li key={`${item.code} ${item.name}`} className="flex gap-2">
              <bdi className="min-w-0 truncate">{item.name}</bdi>
              <span>{w.history.pieces(fmt.number(item.quantity))}</span>
              {item.amount !== null && <span>{price(item.amount)}</span>}
            </li>
          ))}
          {record.items.length > 5 && <li>{w.history.moreItems(record.items.length - 5)}</li>}
        </ul>
      )}
      {record.note && (
        <p dir="auto" className="mt-1 text-xs text-ink-muted">
          {record.note}
        </p>
      )}
    </Line>
  );
}

function Merged({ entry }: { entry: Extract<HistoryEntry, { kind: 'merge' }> }) {
  const { merge } = entry;
  const words = useCustomerWords().history[merge.undone ? 'unmerged' : 'merged'];
  const users = useUsers();
  const by = users.get(merge.byUserId ?? '')?.name ?? null;
  return (
    <Line
      icon={<Merge size={14} aria-hidden />}
      at={entry.at}
      head={words(by, plainName(merge.mergedName), plainName(merge.survivorName))}
    >
      {merge.reason && <p className="text-xs text-ink-faint">{merge.reason}</p>}
    </Line>
  );
}

function Edited({ entry }: { entry: Extract<HistoryEntry, { kind: 'edit' }> }) {
  const words = useEditWords();
  return <Line icon={<Pencil size={13} aria-hidden />} at={entry.at} head={words(entry.edit)} />;
}

function Verified({ entry }: { entry: Extract<HistoryEntry, { kind: 'verification' }> }) {
  const w = useCustomerWords();
  const users = useUsers();
  const { kind, display, source, reason } = entry.verification;
  const by = source?.by === 'user' ? users.get(source.id)?.name : null;
  return (
    <Line
      icon={<BadgeCheck size={14} aria-hidden />}
      at={entry.at}
      head={w.history.verified(w.identityKind[kind], isolated(display), proofText(entry.verification, w))}
    >
      {by && (
        <p className="text-xs text-ink-faint">
          <bdi>{by}</bdi>
        </p>
      )}
      {source?.by === 'user' && reason && (
        <p dir="auto" className="ui-start text-xs wrap-anywhere text-ink-faint">
          {reason}
        </p>
      )}
    </Line>
  );
}

/** A line of the ledger: what they were given, what for, and what became of it. */
function Rewarded({ reward }: { reward: Reward }) {
  const t = useT();
  const w = useCustomerWords().history;
  const words = useAdvocateWords().reward;
  const fmt = useFmt();
  const users = useUsers();
  const { kind, points, coupon, reason, state, undoes } = reward;
  const who = users.get(reward.byUserId)?.name ?? t.common.unknown;
  const what =
    kind === 'points' ? w.points(fmt.number(Math.abs(points))) : coupon ? w.couponOf(coupon.listName) : null;
  const said = what ?? (kind === 'message' ? w.thanks : words.kind[kind]);
  return (
    <Line
      strong
      icon={<Gift size={15} aria-hidden />}
      at={reward.at}
      head={undoes ? w.rewardUndone(who, said) : w.rewarded(who, said)}
      aside={
        state !== 'given' && <Chip tone={state === 'waiting' ? 'warn' : 'neutral'}>{words.state[state]}</Chip>
      }
    >
      {reason && <p className="text-xs text-ink-muted">{w.rewardFor(reason)}</p>}
    </Line>
  );
}

/** They were asked whether they may be quoted, or answered. */
function Quoted({ entry }: { entry: Extract<HistoryEntry, { kind: 'testimonial' }> }) {
  const w = useCustomerWords().history;
  const users = useUsers();
  const { quote, state, byUserId, reason } = entry.testimonial;
  return (
    <Line
      strong
      icon={<Quote size={15} aria-hidden />}
      at={entry.at}
      head={w.testimonial[state](users.get(byUserId ?? '')?.name ?? null)}
    >
      <blockquote dir="auto" className="ui-start text-sm text-ink-muted">
        {w.quoted(quote)}
      </blockquote>
      {reason && (
        <p dir="auto" className="ui-start text-xs text-ink-faint">
          {reason}
        </p>
      )}
    </Line>
  );
}
