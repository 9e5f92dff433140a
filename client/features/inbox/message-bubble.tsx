import { memo, Suspense, useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { Avatar } from '../../components/avatar.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { Clock, StickyNote } from '../../components/icons.ts';
import { Ticks } from '../../components/ticks.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { MessageText, PreviewText } from '../../lib/message-text.tsx';
import { useMe } from '../../state/hooks.tsx';
import { useChannelLook, useUsers } from '../directory.ts';
import { SentimentMark } from '../sentiment/mark.tsx';
import { Attachments } from './attachments.tsx';
import { DeliveryNeeds } from './delivery-needs.tsx';
import { MessageMenu } from './message-menu.tsx';
import { PublicMark } from './public-mark.tsx';

const ExplainedText = later(() => import('../sentiment/explained-text.tsx'));
const LetterHead = later(() => import('./letter-head.tsx').then((all) => ({ default: all.LetterHead })));
const LetterFoot = later(() => import('./letter-foot.tsx').then((all) => ({ default: all.LetterFoot })));

/** The sheet that a message is written on. */
export const bubbleClass = {
  in: 'border-bubble-in-line bg-bubble-in',
  out: 'border-bubble-out-line bg-bubble-out',
  note: 'border-note-line bg-note',
  inPublic: 'border-public-line bg-bubble-in',
  outPublic: 'border-public-line bg-public',
};

export interface MessageBubbleProps {
  /** One message, or the parts of an album. */
  messages: readonly Message[];
  /** First and last of a run of one sender. */
  first: boolean;
  last: boolean;
  customerName: string;
  customerId: string;
  /** The quoted message, if it is loaded. */
  quoted: Message | null | undefined;
  /** More than one channel is in the stream: each says which. */
  showChannel: boolean;
  onQuote: ((message: Message) => void) | null;
  /** Other threads run in its conversation. */
  canSplit: boolean;
  onJump: (messageId: string) => void;
}

export const MessageBubble = memo(function MessageBubble(props: MessageBubbleProps) {
  const { messages, first, last, customerName, customerId, quoted, showChannel, onQuote, canSplit, onJump } =
    props;
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const look = useChannelLook();
  const { direction } = useLocale();
  /** The words that made the score are shown in the text. */
  const [explained, setExplained] = useState(false);
  const message = messages[0];
  const newest = messages.at(-1);
  if (!message || !newest) return null;
  const note = message.kind === 'note';
  const mine = note || message.direction === 'out';
  const inPublic = message.visibility === 'public';
  const author = message.authorId ? users.get(message.authorId)?.name : undefined;
  const sender = mine
    ? message.authorId === me.id
      ? t.common.you
      : (author ?? (message.sentElsewhere ? t.timeline.sentElsewhere : t.timeline.automatic))
    : customerName;
  const attachments = messages.flatMap((each) => each.attachments.filter(({ inline }) => !inline));
  const texts = messages.filter(({ text }) => text !== '');
  const deleted = messages.every(({ deletedAt }) => deletedAt !== null);
  const { name: channelName, glyph } = look(message.channelId);
  return (
    <article
      aria-label={sender}
      data-message={message.id}
      {...(inPublic && { 'data-public': true })}
      tabIndex={-1}
      className={cx(
        'group/bubble flex gap-2 px-4 pb-0.5 focus-visible:outline-offset-[-2px]',
        first && 'pt-2',
        mine && 'flex-row-reverse',
      )}
    >
      {mine ? null : (
        <span className="w-7 shrink-0 self-end">
          {last && <Avatar name={customerName} seed={customerId} size="sm" />}
        </span>
      )}
      <div className={cx('flex max-w-[min(78%,40rem)] min-w-0 flex-col', mine ? 'items-end' : 'items-start')}>
        {first && (note || (mine && message.authorId !== me.id) || showChannel) && (
          <p className="mb-1 flex items-center gap-1.5 px-1 text-2xs text-ink-faint">
            {note ? (
              <span className="inline-flex items-center gap-1 font-medium text-note-ink">
                <StickyNote size={12} aria-hidden />
                {t.timeline.note} · {t.timeline.noteOnly}
              </span>
            ) : null}
            {mine && message.authorId !== me.id && (
              <bdi className="font-medium text-ink-muted">{plainName(sender)}</bdi>
            )}
            {!note && showChannel && channelName && (
              <span className="inline-flex items-center gap-1">
                <ChannelGlyph glyph={glyph} size={14} />
                <bdi>{channelName}</bdi>
              </span>
            )}
          </p>
        )}
        <div
          className={cx(
            'relative min-w-0 max-w-full rounded-xl border px-3 py-1.5 text-md',
            bubbleClass[
              note ? 'note' : mine ? (inPublic ? 'outPublic' : 'out') : inPublic ? 'inPublic' : 'in'
            ],
            last && (mine ? 'rounded-ee-sm' : 'rounded-es-sm'),
            newest.delivery?.state === 'failed' &&
              newest.delivery.error?.code !== 'cancelled' &&
              'border-danger',
          )}
        >
          {message.inReplyTo && <Quote quoted={quoted} id={message.inReplyTo} onJump={onJump} />}
          {deleted ? (
            <p className="text-sm text-ink-faint italic">{t.timeline.deleted}</p>
          ) : (
            <>
              <Suspense>
                {message.letter && <LetterHead message={message} letter={message.letter} />}
              </Suspense>
              {attachments.length > 0 && !message.letter && (
                <div className="py-1">
                  <Attachments attachments={attachments} />
                </div>
              )}
              {texts.map((each) => {
                const plain = (
                  <MessageText
                    key={each.id}
                    text={each.text}
                    fallback={direction}
                    people={each.mentions.map((id) => users.get(id)?.name ?? '')}
                  />
                );
                return explained && each.sentiment ? (
                  <Suspense key={each.id} fallback={plain}>
                    <ExplainedText text={each.text} sentiment={each.sentiment} fallback={direction} />
                  </Suspense>
                ) : (
                  plain
                );
              })}
              {attachments.length > 0 && message.letter && (
                <div className="py-1">
                  <Attachments attachments={attachments} />
                </div>
              )}
              <Suspense>
                {(message.hasWhole || message.relatedId) && <LetterFoot message={message} />}
              </Suspense>
            </>
          )}
          <Meta messages={messages} onExplain={setExplained} />
          <Reactions messages={messages} customerName={customerName} />
        </div>
        {newest.delivery && <DeliveryNeeds message={newest} />}
      </div>
      <div className="self-center opacity-0 transition-opacity [@media(pointer:coarse)]:opacity-100 group-focus-within/bubble:opacity-100 group-hover/bubble:opacity-100">
        <MessageMenu message={message} onQuote={onQuote} canSplit={canSplit} />
      </div>
    </article>
  );
});

function Meta(props: { messages: readonly Message[]; onExplain: (isOpen: boolean) => void }) {
  const { messages, onExplain } = props;
  const t = useT();
  const w = useSocialWords();
  const fmt = useFmt();
  const newest = messages.at(-1);
  if (!newest) return null;
  const { delivery, at } = newest;
  const felt = messages.find(
    ({ direction, sentiment, deletedAt }) => direction === 'in' && sentiment && !deletedAt,
  );
  const left =
    delivery?.pieces.filter(({ state }) => ['sent', 'delivered', 'read'].includes(state)).length ?? 0;
  return (
    <div className="mt-0.5 flex flex-wrap items-center justify-end gap-x-1.5 text-2xs text-ink-faint">
      {newest.visibility === 'public' && <PublicMark />}
      {newest.template && <span title={w.template.chosen(newest.template.name)}>{w.template.sent}</span>}
      {messages.some(({ editedAt }) => editedAt) && <span>{t.timeline.edited}</span>}
      {messages.some(({ late }) => late) && (
        <span className="inline-flex items-center gap-0.5 text-warn-ink">
          <Clock size={11} aria-hidden />
          {t.timeline.lateMark}
        </span>
      )}
      {newest.sentElsewhere && <span>{t.timeline.sentElsewhere}</span>}
      {newest.automatic && <span>{t.timeline.automatic}</span>}
      {delivery && left < delivery.pieces.length && left > 0 && (
        <span>{t.delivery.pieces(left, delivery.pieces.length)}</span>
      )}
      <time dateTime={at} title={fmt.both(at)}>
        {fmt.time(at)}
      </time>
      {delivery && <Ticks state={delivery.state} />}
      {felt?.sentiment && <SentimentMark message={felt} sentiment={felt.sentiment} onExplain={onExplain} />}
    </div>
  );
}

function Quote({
  quoted,
  id,
  onJump,
}: {
  quoted: Message | null | undefined;
  id: string;
  onJump: (id: string) => void;
}) {
  const t = useT();
  const { direction } = useLocale();
  return (
    <button
      type="button"
      onClick={() => onJump(id)}
      className="mb-1 block w-full min-w-32 rounded-md border-s-2 border-accent bg-ink/5 px-2 py-1 text-xs text-ink-muted hover:bg-ink/10"
    >
      {quoted ? (
        <PreviewText
          text={quoted.text || t.row.attachments(quoted.attachments.length)}
          fallback={direction}
        />
      ) : (
        <span className="block text-start">{t.timeline.showOriginal}</span>
      )}
    </button>
  );
}

function Reactions({ messages, customerName }: { messages: readonly Message[]; customerName: string }) {
  const t = useT();
  const reactions = messages.flatMap(({ reactions: each }) => each);
  if (reactions.length === 0) return null;
  return (
    <p className="absolute end-2 -bottom-3 flex gap-0.5 rounded-full border border-line bg-raised px-1.5 text-xs shadow-soft">
      {reactions.map(({ by, emoji }) => (
        <span key={`${by} ${emoji}`} role="img" aria-label={t.timeline.reactedWith(customerName, emoji)}>
          {emoji}
        </span>
      ))}
    </p>
  );
}
