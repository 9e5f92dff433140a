import type { ReactNode } from 'react';
import type { Post } from '../../../shared/post.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { ExternalLink, MessagesSquare } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { MessageText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { usePost } from './queries.ts';

export interface PostCardProps {
  postId: string;
  /** Where the message beneath can be seen in public; null: nobody knows. */
  messageUrl: string | null;
  onOpen: () => void;
}

/** What public messages hang on, above the first of them in a run. Of a message that is the post itself, what was said under it. */
export function PostCard({ postId, messageUrl, onOpen }: PostCardProps) {
  const t = useT();
  const w = useSocialWords().post;
  const { data: post, error, refetch } = usePost(postId);
  const keys = useHotkeyKeys('message.thread');
  if (error && post === undefined)
    return (
      <Frame label={w.card}>
        <p className="flex flex-wrap items-center gap-2 text-xs text-danger-ink">
          {w.loadFailed}. {errorText(t, error)}
          <Button size="sm" onPress={() => void refetch()}>
            {t.common.retry}
          </Button>
        </p>
      </Frame>
    );
  const itself = post?.url != null && post.url === messageUrl;
  if (itself && post.entries === 0) return null;
  return (
    <Frame label={post ? labelOf(post, w) : w.card}>
      {itself ? null : post === undefined ? (
        <div role="status" className="space-y-2">
          <span className="sr-only">{t.common.loading}</span>
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-9" />
        </div>
      ) : (
        <PostBody post={post} clamped />
      )}
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          size="sm"
          variant="quiet"
          className="-ms-2 text-public-ink"
          icon={<MessagesSquare size={13} aria-hidden />}
          onPress={onOpen}
        >
          {w.open}
          {keys && (
            <span aria-hidden className="ms-1 pointer-coarse:hidden">
              <Kbd keys={keys} />
            </span>
          )}
        </Button>
        {post && post.entries > 0 && (
          <span className="text-2xs text-ink-faint">{w.count(post.entries, post.people)}</span>
        )}
        {post?.url && <Outside url={post.url} label={w.openAt} />}
      </div>
    </Frame>
  );
}

type Words = ReturnType<typeof useSocialWords>['post'];

function labelOf({ author }: Post, w: Words): string {
  return author.ours ? w.ours : w.by(plainName(author.name) || author.handle);
}

function Frame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      data-post
      className="mx-4 mt-3 mb-1 max-w-[40rem] rounded-lg border border-line border-s-[3px] border-s-public-line bg-surface px-3 py-2 shadow-soft"
    >
      {children}
    </section>
  );
}

/** A way out to where it was posted. Only what is an address of the web leads anywhere. */
export function Outside({ url, label }: { url: string; label: string }) {
  if (!/^https?:/i.test(url)) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex min-h-6 items-center gap-1 rounded-sm text-2xs text-ink-muted underline-offset-3 hover:text-ink hover:underline"
    >
      <ExternalLink size={12} aria-hidden className="mirror" />
      {label}
    </a>
  );
}

/** Who posted it, where and when; its words and its first picture. Null: nothing of it is known yet. */
export function PostBody({ post, clamped = false }: { post: Post | null; clamped?: boolean }) {
  const w = useSocialWords().post;
  const fmt = useFmt();
  const now = useNow();
  const { direction } = useLocale();
  const look = useChannelLook();
  if (!post) return <p className="text-xs text-ink-muted">{w.unknown}</p>;
  const { author, text, at, pictures, deletedAt, channelId } = post;
  const name = plainName(author.name) || plainName(author.handle);
  const [picture] = pictures;
  return (
    <div className="flex gap-3">
      <div className="min-w-0 flex-1">
        <p className="mb-0.5 flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-xs">
          <ChannelGlyph glyph={look(channelId).glyph} size={15} label={look(channelId).name} />
          <bdi className="font-semibold">{name || w.card}</bdi>
          {author.ours ? (
            <span className="rounded-sm bg-accent-soft px-1 text-2xs font-medium text-accent-ink">
              {w.ours}
            </span>
          ) : (
            author.handle &&
            author.handle !== name && (
              <bdi dir="ltr" className="text-2xs text-ink-faint">
                @{author.handle.replace(/^@/, '')}
              </bdi>
            )
          )}
          {at && (
            <time dateTime={at} title={fmt.both(at)} className="text-2xs text-ink-faint">
              {fmt.short(at, now)}
            </time>
          )}
        </p>
        {deletedAt ? (
          <p className="text-xs text-ink-faint italic">{w.deleted}</p>
        ) : text ? (
          <MessageText
            text={text}
            fallback={direction}
            className={cx('text-sm', clamped && 'line-clamp-3 text-ink-muted')}
          />
        ) : (
          !picture && <p className="text-xs text-ink-muted">{w.unknown}</p>
        )}
      </div>
      {picture && !deletedAt && (
        <img
          src={picture.url}
          alt={w.picture}
          loading="lazy"
          decoding="async"
          width={64}
          height={64}
          className={cx('shrink-0 rounded-md bg-sunken object-cover', clamped ? 'size-16' : 'size-24')}
        />
      )}
    </div>
  );
}
