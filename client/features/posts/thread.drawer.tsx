import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { PostEntry, PostThread } from '../../../shared/post.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Drawer } from '../../components/dialog.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowDown, MessageSquare, Reply } from '../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { MessageText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { SentimentSign } from '../sentiment/sign.tsx';
import { Outside, PostBody } from './post-card.tsx';
import { type ThreadLine, threadLines } from './thread-tree.ts';

export interface ThreadDrawerProps {
  postId: string;
  /** The open conversation, whose customer's own words stand out. */
  header: Conversation | undefined;
  /** The message it was opened from. */
  messageId: string | null;
  onClose: () => void;
  /** Answers a message of the open conversation. */
  onAnswer: (messageId: string) => void;
  onOpenConversation: (conversationId: string) => void;
}

/** All that was said under one post, whoever said it. */
export default function ThreadDrawer(props: ThreadDrawerProps) {
  const { postId, header, messageId, onClose, onAnswer, onOpenConversation } = props;
  const t = useT();
  const w = useSocialWords();
  const { calls } = useWorkspace();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['thread', postId],
    queryFn: ({ pageParam }) => calls.postThread(postId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ before }: PostThread) => before ?? undefined,
  });
  const lines = useMemo(() => {
    const entries = new Map<string, PostEntry>();
    for (const page of data?.pages ?? []) for (const entry of page.entries) entries.set(entry.id, entry);
    return threadLines([...entries.values()]);
  }, [data]);
  const post = data?.pages[0]?.post ?? null;
  const isTheirs = (entry: PostEntry) =>
    header !== undefined && entry.customerId === header.customerId && !entry.author.ours;
  const own =
    lines.find(({ entry }) => entry.id === messageId) ?? lines.findLast(({ entry }) => isTheirs(entry));
  const box = useRef<HTMLDivElement>(null);
  const entriesOnScreen = () => [...(box.current?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])];
  const goTo = (id: string | undefined) => {
    const element = entriesOnScreen().find(({ dataset }) => dataset['entry'] === id);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'center' });
  };
  // It opens where the customer spoke.
  const shown = useRef(false);
  useEffect(() => {
    if (shown.current || lines.length === 0) return;
    shown.current = true;
    goTo(own?.entry.id ?? lines[0]?.entry.id);
  });
  const step = (by: number) => {
    const all = entriesOnScreen();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  };
  const scope = { scope: 'dialog' };
  useHotkey('list.next', () => step(1), scope);
  useHotkey('list.previous', () => step(-1), scope);
  useHotkey(
    'list.open',
    () => {
      const id = (document.activeElement as HTMLElement | null)?.dataset['entry'];
      const to = lines.find(({ entry }) => entry.id === id)?.entry.conversationId;
      if (to && to !== header?.id) onOpenConversation(to);
    },
    scope,
  );
  return (
    <Drawer isOpen onClose={onClose} title={w.thread.title} wide>
      {error && !data ? (
        <ErrorState
          title={w.thread.loadFailed}
          text={errorText(t, error)}
          errorId={errorIdOf(error)}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Delayed>
          <SkeletonRows rows={5} />
        </Delayed>
      ) : (
        <div ref={box} className="flex flex-col gap-3">
          <section
            aria-label={w.post.card}
            className="rounded-lg border border-line border-s-[3px] border-s-public-line bg-raised px-3 py-2.5"
          >
            <PostBody post={post} />
            {post?.url && (
              <div className="mt-1.5">
                <Outside url={post.url} label={w.post.openAt} />
              </div>
            )}
          </section>
          <div className="flex min-h-7 flex-wrap items-center gap-2">
            <h3 className="flex-1 text-xs font-semibold text-ink-muted">
              {w.thread.entries}
              {post && post.entries > 0 && (
                <span className="ms-2 text-2xs font-normal text-ink-faint">
                  {w.post.count(post.entries, post.people)}
                </span>
              )}
            </h3>
            {own && header && (
              <Button size="sm" icon={<ArrowDown size={13} aria-hidden />} onPress={() => goTo(own.entry.id)}>
                {w.thread.toTheirs}
              </Button>
            )}
          </div>
          {hasNextPage && (
            <Button
              size="sm"
              className="self-center"
              isPending={isFetchingNextPage}
              onPress={() => void fetchNextPage()}
            >
              {w.thread.older}
            </Button>
          )}
          {lines.length === 0 && <p className="py-6 text-center text-sm text-ink-muted">{w.thread.empty}</p>}
          <ol className="-mx-2 flex flex-col">
            {lines.map((line) => (
              <Line
                key={line.entry.id}
                line={line}
                theirs={isTheirs(line.entry)}
                here={line.entry.conversationId === header?.id}
                onAnswer={() => onAnswer(line.entry.id)}
                onOpen={() => line.entry.conversationId && onOpenConversation(line.entry.conversationId)}
              />
            ))}
          </ol>
        </div>
      )}
    </Drawer>
  );
}

interface LineProps {
  line: ThreadLine;
  theirs: boolean;
  /** Of the open conversation. */
  here: boolean;
  onAnswer: () => void;
  onOpen: () => void;
}

/** Deeper than this nothing more is set in: a phone is narrow. */
const deepest = 3;

function Line({ line: { entry, depth, answers }, theirs, here, onAnswer, onOpen }: LineProps) {
  const t = useT();
  const w = useSocialWords();
  const fmt = useFmt();
  const now = useNow();
  const { direction } = useLocale();
  const { author, text, at, deletedAt, url, sentiment, conversationId } = entry;
  const name = plainName(author.name) || plainName(author.handle) || t.customer.unnamed;
  return (
    <li
      className={cx('flex', depth > 0 && 'border-s border-line')}
      style={{ marginInlineStart: `${Math.min(depth, deepest) * 1.1}rem` }}
    >
      <article
        tabIndex={-1}
        data-entry={entry.id}
        aria-label={name}
        className={cx(
          'my-0.5 flex min-w-0 flex-1 gap-2.5 rounded-lg px-2 py-1.5 focus-visible:outline-offset-[-2px]',
          author.ours && 'bg-public',
          theirs && 'bg-accent-soft',
        )}
      >
        <Avatar name={name} seed={author.id} size="sm" className="mt-0.5" />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-1.5 text-xs">
            <bdi className="font-semibold">{name}</bdi>
            {author.handle && author.handle !== name && (
              <bdi dir="ltr" className="text-2xs text-ink-faint">
                @{author.handle.replace(/^@/, '')}
              </bdi>
            )}
            {author.ours && <span className="text-2xs font-semibold text-public-ink">{w.thread.ours}</span>}
            {theirs && <span className="text-2xs font-semibold text-accent-ink">{w.thread.theirs}</span>}
            <time dateTime={at} title={fmt.both(at)} className="text-2xs text-ink-faint">
              {fmt.short(at, now)}
            </time>
            {sentiment && !author.ours && <SentimentSign label={sentiment.label} />}
          </p>
          {answers && (
            <p className="text-2xs text-ink-faint">
              {w.thread.answers(plainName(answers.author.name) || answers.author.handle)}
            </p>
          )}
          {deletedAt ? (
            <p className="text-sm text-ink-faint italic">{w.thread.deleted}</p>
          ) : (
            <MessageText text={text} fallback={direction} className="text-sm" />
          )}
          {(here || conversationId || url) && (
            <div className="mt-0.5 flex flex-wrap items-center gap-x-3">
              {here && !author.ours && !deletedAt && entry.kind === 'message' && (
                <Button
                  size="sm"
                  variant="quiet"
                  className="-ms-2"
                  icon={<Reply size={13} aria-hidden className="mirror" />}
                  onPress={onAnswer}
                >
                  {w.thread.quote}
                </Button>
              )}
              {conversationId && !here && (
                <Button
                  size="sm"
                  variant="quiet"
                  className="-ms-2"
                  icon={<MessageSquare size={13} aria-hidden />}
                  aria-label={w.thread.openConversation(name)}
                  onPress={onOpen}
                >
                  {w.call.openConversation}
                </Button>
              )}
              {url && <Outside url={url} label={w.post.openAt} />}
            </div>
          )}
        </div>
      </article>
    </li>
  );
}
