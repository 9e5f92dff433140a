import { Suspense } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { later } from '../../lib/later.ts';
import { useNow } from '../../lib/time.ts';
import { EventLine } from './event-line.tsx';
import { MessageBubble } from './message-bubble.tsx';
import { OutboxBubble } from './outbox-bubble.tsx';
import type { TimelineItem } from './timeline-items.ts';

interface RowProps {
  item: TimelineItem;
  open: Conversation;
  name: string;
  byId: ReadonlyMap<string, Message>;
  showChannel: boolean;
  /** Conversations in which several threads run. */
  threaded: ReadonlySet<string>;
  onQuote: (message: Message) => void;
  onJump: (messageId: string) => void;
  onThread: (postId: string, messageId: string | null) => void;
}

const PostCard = later(() => import('../posts/post-card.tsx').then((all) => ({ default: all.PostCard })));
const CallEntry = later(() => import('../calls/call-entry.tsx').then((all) => ({ default: all.CallEntry })));

export function Row(props: RowProps) {
  const { item, open, name, byId, showChannel, threaded, onQuote, onJump, onThread } = props;
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  switch (item.kind) {
    case 'beginning':
      return <p className="py-4 text-center text-2xs text-ink-faint">{t.timeline.beginning}</p>;
    case 'day':
      return (
        <p className="flex justify-center py-2">
          <span className="rounded-full bg-sunken px-3 py-0.5 text-2xs text-ink-muted">
            {fmt.day(item.at, now)}
          </span>
        </p>
      );
    case 'conversation':
      return (
        <div className="flex items-center gap-3 px-4 py-2 text-2xs text-ink-faint">
          <span aria-hidden className="h-px flex-1 bg-line" />
          <span className={item.conversationId === open.id ? 'font-semibold text-accent-ink' : ''}>
            {t.timeline.conversationLine(fmt.date(item.at, now))}
          </span>
          <span aria-hidden className="h-px flex-1 bg-line" />
        </div>
      );
    case 'new':
      return (
        <div className="flex items-center gap-3 px-4 py-2 text-2xs font-semibold text-danger-ink">
          <span aria-hidden className="h-px flex-1 bg-danger/50" />
          {t.timeline.newMessages}
          <span aria-hidden className="h-px flex-1 bg-danger/50" />
        </div>
      );
    case 'events':
      return <EventLine events={item.events} />;
    case 'outbox':
      return <OutboxBubble item={item.item} first={item.first} />;
    case 'message': {
      const [message] = item.messages;
      const { postId } = item;
      if (message?.kind === 'call')
        return (
          <Suspense fallback={<div className="h-20" />}>
            <CallEntry message={message} />
          </Suspense>
        );
      const bubble = (
        <MessageBubble
          messages={item.messages}
          first={item.first}
          last={item.last}
          customerName={name}
          customerId={open.customerId}
          quoted={message?.inReplyTo ? (byId.get(message.inReplyTo) ?? null) : undefined}
          showChannel={showChannel}
          onQuote={message?.conversationId === open.id && message.kind === 'message' ? onQuote : null}
          canSplit={threaded.has(message?.conversationId ?? '')}
          onJump={onJump}
        />
      );
      if (postId === null) return bubble;
      return (
        <>
          <Suspense fallback={<div className="h-28" />}>
            <PostCard
              postId={postId}
              messageUrl={message?.url ?? null}
              onOpen={() => onThread(postId, message?.id ?? null)}
            />
          </Suspense>
          {bubble}
        </>
      );
    }
  }
}
