import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { AdvocateDetail, Criticism, Evidence, ScorePart } from '../../../shared/advocate.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import {
  Globe,
  type LucideIcon,
  MessageSquare,
  Quote,
  Radio,
  ShoppingBag,
  Ticket,
} from '../../components/icons.ts';
import { MarkedLine } from '../../components/marked-line.tsx';
import { Select } from '../../components/select.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { entryPath } from '../customers/history/query.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { Outside } from '../posts/post-card.tsx';
import { useMayMove } from './queries.ts';

const Thread = later(() => import('../posts/thread.drawer.tsx'));
const Ask = later(() => import('./ask.dialog.tsx'));

const icons: Record<Evidence['source'], LucideIcon> = {
  message: MessageSquare,
  mention: Radio,
  record: ShoppingBag,
  referral: Ticket,
  author: Globe,
};

const everything = 'all';

/** What the score rests on, point by point; each leads to where it was said or done. */
export function Evidences({ detail }: { detail: AdvocateDetail }) {
  const t = useT();
  const w = useAdvocateWords();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const [part, setPart] = useState<ScorePart | null>(null);
  const [postId, setPostId] = useState<string | null>(null);
  const [quoting, setQuoting] = useState<{ id: string; excerpt: string } | null>(null);
  const { customerId } = detail.advocate;
  const query = useInfiniteQuery({
    queryKey: ['advocates', 'evidence', customerId, part],
    queryFn: ({ pageParam }) => calls.advocateEvidence(customerId, { part, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // The record brought the first window of all parts along.
    ...(part === null && {
      initialData: { pages: [detail.evidence], pageParams: [null] },
      initialDataUpdatedAt: Date.now(),
    }),
  });
  const all = query.data?.pages.flatMap(({ evidence }) => evidence) ?? [];
  const count = (of: ScorePart) => detail.breakdown.find((each) => each.part === of)?.count ?? 0;
  const parts = detail.breakdown.filter((each) => each.count > 0 || each.part === part);
  return (
    <div className="flex flex-col gap-3">
      <Select
        bare
        label={w.evidence.filter}
        value={part ?? everything}
        onChange={(id) => setPart(parts.find((each) => each.part === id)?.part ?? null)}
        options={[
          { id: everything, label: w.evidence.all },
          ...parts.map((each) => ({
            id: each.part,
            label: `${w.part[each.part]} (${w.evidence.count(count(each.part))})`,
          })),
        ]}
      />
      {query.isError && !query.data ? (
        <ErrorState
          title={w.evidence.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows rows={3} />
        </Delayed>
      ) : all.length === 0 ? (
        <p className="py-3 text-sm text-ink-muted">{w.evidence.empty}</p>
      ) : (
        <ul className="divide-y divide-line">
          {all.map((one) => (
            <Line
              key={`${one.part} ${one.id}`}
              evidence={one}
              onThread={setPostId}
              onQuote={() => setQuoting(one)}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          size="sm"
          className="self-center"
          isPending={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {w.evidence.more}
        </Button>
      )}
      {part === null && detail.criticism.length > 0 && (
        <section aria-label={w.evidence.criticism} className="rounded-xl bg-danger-soft/40 p-3">
          <h3 className="text-sm font-bold">{w.evidence.criticism}</h3>
          <p className="mb-1 text-xs text-ink-muted">{w.evidence.criticismText}</p>
          <ul className="divide-y divide-line">
            {detail.criticism.map((one) => (
              <Line key={one.id} evidence={one} onThread={setPostId} />
            ))}
          </ul>
        </section>
      )}
      <Suspense>
        {postId && (
          <Thread
            postId={postId}
            header={undefined}
            messageId={null}
            onClose={() => setPostId(null)}
            onAnswer={() => undefined}
            onOpenConversation={(id) => navigate(`/inbox/all/${id}`)}
          />
        )}
        {quoting && (
          <Ask
            advocate={detail.advocate}
            sourceId={quoting.id}
            quote={quoting.excerpt}
            onClose={() => setQuoting(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

interface LineProps {
  evidence: Evidence | Criticism;
  onThread: (postId: string) => void;
  /** Absent: these words are not asked for. */
  onQuote?: () => void;
}

function Line({ evidence, onThread, onQuote }: LineProps) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const me = useMe();
  const writes = useMayMove();
  const { direction } = useLocale();
  const { source, id, conversationId, postId, url, at, excerpt } = evidence;
  const Icon = icons[source];
  const said = source === 'message' || source === 'mention';
  const points = 'points' in evidence ? Math.round(evidence.points * 10) / 10 : 0;
  return (
    <li className="flex gap-2.5 py-2.5">
      <span
        aria-hidden
        className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full bg-sunken text-ink-muted"
      >
        <Icon size={13} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-2xs text-ink-muted">
          <span>{w.evidence.source[source]}</span>
          <time dateTime={at} title={fmt.both(at)}>
            {fmt.date(at, now)}
          </time>
          {'part' in evidence && <Chip>{w.part[evidence.part]}</Chip>}
          {points > 0 && (
            <span
              className="ms-auto font-semibold text-ok-ink"
              title={w.evidence.pointsLabel(fmt.number(points))}
            >
              <span aria-hidden dir="ltr">
                {w.evidence.points(fmt.number(points))}
              </span>
              <span className="sr-only">{w.evidence.pointsLabel(fmt.number(points))}</span>
            </span>
          )}
        </p>
        {excerpt ? (
          <p dir={dirOf(excerpt, direction)} className="ui-start mt-0.5 text-sm wrap-anywhere">
            {source === 'author' || source === 'referral' ? (
              <bdi dir="ltr">{excerpt}</bdi>
            ) : (
              <MarkedLine text={excerpt} marks={[]} />
            )}
          </p>
        ) : (
          <p className="mt-0.5 text-xs text-ink-faint">{w.evidence.hidden}</p>
        )}
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
          {conversationId && source === 'message' && (
            <To href={`/inbox/all/${conversationId}?message=${encodeURIComponent(id)}`}>
              {w.evidence.toMessage}
            </To>
          )}
          {'customerId' in evidence && evidence.customerId && (
            <To href={entryPath(evidence.customerId, { id, at })}>{w.evidence.toRecord}</To>
          )}
          {postId && may(me, 'listening.read') && (
            <Button
              variant="quiet"
              size="sm"
              className="-mx-2 text-accent-ink"
              onPress={() => onThread(postId)}
            >
              {w.evidence.toPost}
            </Button>
          )}
          {url && <Outside url={url} label={w.evidence.toUrl} />}
          {said && excerpt && onQuote && writes && (
            <Button
              variant="quiet"
              size="sm"
              className="-mx-2"
              icon={<Quote size={13} aria-hidden className="mirror" />}
              onPress={onQuote}
            >
              {w.evidence.quote}
            </Button>
          )}
        </p>
      </div>
    </li>
  );
}

const To = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link
    href={href}
    className="inline-flex min-h-6 items-center text-xs font-medium text-accent-ink hover:underline"
  >
    {children}
  </Link>
);
