import { Suspense, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { Hit, SavedSearch } from '../../../shared/listening.ts';
import type { SentimentLabel } from '../../../shared/sentiment.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip, type Tone } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import {
  Check,
  ExternalLink,
  MessageSquare,
  MessagesSquare,
  RotateCcw,
  Undo2,
  X,
} from '../../components/icons.ts';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { PreviewText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { useChannelLook } from '../directory.ts';
import { PublicMark } from '../inbox/public-mark.tsx';
import { usePost } from '../posts/queries.ts';
import { FeelingMark } from '../sentiment/mark.tsx';
import { MarkedParagraphs } from './marked-text.tsx';
import { matchedIn } from './matched.ts';

const ExplainedText = later(() => import('../sentiment/explained-text.tsx'));

export interface HitActions {
  onRelabel: ((label: SentimentLabel | null) => void) | null;
  onConvert: (() => void) | null;
  onDone: (() => void) | null;
  onNotUs: (() => void) | null;
  onThread: () => void;
  onAuthor: () => void;
}

export interface HitRowProps extends HitActions {
  hit: Hit;
  searches: ReadonlyMap<string, SavedSearch>;
  /** It holds the keyboard, or would. */
  active: boolean;
  at: number;
  /** How many there are; -1 where nobody knows. */
  of: number;
  onFocus: () => void;
}

const stateTones: Partial<Record<Hit['state'], Tone>> = { done: 'ok', converted: 'accent', notUs: 'warn' };

/** One thing that somebody said: who, where, how, and what can be done with it. */
export function HitRow(props: HitRowProps) {
  const { hit, searches, active, at, of, onFocus, onRelabel } = props;
  const t = useT();
  const w = useListeningWords();
  const fmt = useFmt();
  const now = useNow();
  const { direction } = useLocale();
  const look = useChannelLook();
  const [explained, setExplained] = useState(false);
  const { author, text, source, state, sentiment, channelId, deletedAt, taught } = hit;
  const found = hit.searchIds.flatMap((id) => searches.get(id) ?? []);
  const marks = useMemo(() => matchedIn(text, found), [text, found]);
  const name = plainName(author.name) || plainName(author.handle) || t.customer.unnamed;
  const handle = plainName(author.handle).replace(/^@/, '');
  const stop = active ? 0 : -1;
  return (
    <article
      data-hit={hit.id}
      data-at={at}
      tabIndex={stop}
      aria-label={name}
      aria-posinset={at + 1}
      aria-setsize={of}
      onFocus={onFocus}
      className={cx(
        'flex gap-3 border-b border-line px-4 py-3 sm:px-6 focus-visible:outline-offset-[-2px]',
        active ? 'bg-surface' : 'bg-canvas hover:bg-surface',
      )}
    >
      <Avatar
        name={name}
        seed={author.id}
        size="md"
        glyph={look(channelId).glyph}
        className="mt-0.5 self-start"
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-2">
          <p className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-ink-faint">
            {author.customerId ? (
              <Link
                href={`/customers/${author.customerId}`}
                tabIndex={stop}
                aria-label={w.stream.customer(name)}
                className="text-sm font-semibold text-ink underline-offset-3 hover:underline"
              >
                <bdi>{name}</bdi>
              </Link>
            ) : (
              <button
                type="button"
                tabIndex={stop}
                aria-label={w.stream.byAuthor(name)}
                title={w.stream.byAuthor(name)}
                onClick={props.onAuthor}
                className="min-h-6 text-sm font-semibold text-ink underline-offset-3 hover:underline"
              >
                <bdi>{name}</bdi>
              </button>
            )}
            {handle !== '' && handle !== name && (
              <bdi dir="ltr" className="text-ink-muted">
                @{handle}
              </bdi>
            )}
            {author.reach !== null && author.reach > 0 && (
              <span className="font-medium text-ink-muted">
                {w.stream.followers(fmt.number(author.reach))}
              </span>
            )}
            <span>{look(channelId).name}</span>
            <time dateTime={hit.at} title={fmt.both(hit.at)}>
              {fmt.relative(hit.at, now)}
            </time>
          </p>
          <span className="flex shrink-0 items-center gap-2 text-2xs">
            {source === 'message' ? (
              <span className="text-ink-faint">{w.source.message}</span>
            ) : (
              <PublicMark />
            )}
            {sentiment && !deletedAt && (
              <FeelingMark text={text} sentiment={sentiment} onSay={onRelabel} onExplain={setExplained} />
            )}
          </span>
        </div>
        {hit.postId && <Under hit={hit} postId={hit.postId} focusable={active} onOpen={props.onThread} />}
        {deletedAt ? (
          <p className="mt-0.5 text-sm text-ink-faint italic">{w.stream.deleted}</p>
        ) : (
          <div
            className={cx(
              'mt-0.5 max-w-3xl text-md',
              state === 'done' || state === 'notUs' ? 'text-ink-muted' : '',
            )}
          >
            <Suspense fallback={<MarkedParagraphs text={text} marks={marks} />}>
              {explained && sentiment ? (
                <ExplainedText text={text} sentiment={sentiment} fallback={direction} />
              ) : (
                <MarkedParagraphs text={text} marks={marks} className="line-clamp-[12]" />
              )}
            </Suspense>
          </div>
        )}
        {state === 'notUs' && (
          <p className="mt-1 text-xs text-warn-ink">
            {taught ? w.stream.taughtBy(taught.words.join(w.comma)) : w.stream.taught}
          </p>
        )}
        <div className="mt-1.5 flex flex-wrap items-center gap-x-1.5 gap-y-1">
          {stateTones[state] && <Chip tone={stateTones[state]}>{w.state[state]}</Chip>}
          {found.map((search) => (
            <Chip key={search.id}>{plainName(search.name)}</Chip>
          ))}
          <span className="flex-1" />
          <Deeds {...props} name={name} />
        </div>
      </div>
    </article>
  );
}

/** The post it hangs on, in a line. */
function Under(props: { hit: Hit; postId: string; focusable: boolean; onOpen: () => void }) {
  const { hit, postId, focusable, onOpen } = props;
  const w = useListeningWords().stream;
  const { direction } = useLocale();
  const { data: post } = usePost(postId);
  const by = plainName(post?.author.name ?? '') || plainName(post?.author.handle ?? '');
  // It is the post: its words stand below already.
  if (
    post &&
    post.author.handle.replace(/^@/, '') === hit.author.handle.replace(/^@/, '') &&
    post.text === hit.text
  )
    return null;
  const words = !post ? w.underUnknown : post.author.ours ? w.underOurs : by ? w.under(by) : w.underUnknown;
  return (
    <button
      type="button"
      tabIndex={focusable ? 0 : -1}
      onClick={onOpen}
      className="mt-0.5 flex min-h-6 max-w-full items-center gap-2 border-s-2 border-public-line ps-2 text-start text-xs text-ink-muted hover:text-ink"
    >
      <span className="shrink-0 font-medium">{words}</span>
      {post?.text && !post.deletedAt && (
        <PreviewText text={post.text} fallback={direction} className="min-w-0 text-ink-faint" />
      )}
    </button>
  );
}

function Deeds(props: HitRowProps & { name: string }) {
  const { hit, active, name, onConvert, onDone, onNotUs, onThread } = props;
  const w = useListeningWords().stream;
  const post = useSocialWords().post;
  const { conversationId, state, postId, url, deletedAt } = hit;
  const aside = { size: 'sm', excludeFromTabOrder: !active } as const;
  return (
    <fieldset aria-label={w.deeds(name)} className="flex flex-wrap items-center gap-0.5">
      {onConvert && (conversationId !== null || !deletedAt) && state !== 'notUs' && (
        <Button
          {...aside}
          variant={active ? 'secondary' : 'quiet'}
          icon={<MessageSquare size={14} aria-hidden />}
          onPress={onConvert}
        >
          {conversationId ? w.open : w.convert}
        </Button>
      )}
      {onDone && (state === 'new' || state === 'done') && (
        <IconButton
          {...aside}
          hotkey="listening.done"
          placement="top"
          label={state === 'done' ? w.undone : w.done}
          icon={state === 'done' ? <RotateCcw size={15} /> : <Check size={15} />}
          onPress={onDone}
        />
      )}
      {onNotUs && (
        <IconButton
          {...aside}
          hotkey="listening.notUs"
          placement="top"
          label={state === 'notUs' ? w.bringBack : w.notUs}
          icon={state === 'notUs' ? <Undo2 size={15} className="mirror" /> : <X size={15} />}
          onPress={onNotUs}
        />
      )}
      {postId && (
        <IconButton
          {...aside}
          placement="top"
          label={w.thread}
          icon={<MessagesSquare size={15} />}
          onPress={onThread}
        />
      )}
      {url && /^https?:/i.test(url) && (
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          tabIndex={active ? 0 : -1}
          aria-label={post.openAt}
          title={post.openAt}
          className="grid size-7 place-items-center rounded-md text-ink-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
        >
          <ExternalLink size={15} aria-hidden className="mirror" />
        </a>
      )}
    </fieldset>
  );
}
