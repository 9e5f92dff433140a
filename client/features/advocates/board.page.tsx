import { Suspense, useCallback, useState } from 'react';
import { may } from '../../../shared/access.ts';
import { type Advocate, advocateStages } from '../../../shared/advocate.ts';
import { IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Columns3, HeartHandshake, List, ListFilter } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useMe } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { useRoom } from '../media.ts';
import { useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { AdvocatesArea } from './area.tsx';
import { Board } from './board.tsx';
import { isNarrowed, useBoardAddress } from './filter.ts';
import { Filters } from './filters.tsx';
import { KpiStrip, PeriodChoice } from './kpi.tsx';
import { useCards } from './queries.ts';
import { AdvocateTable } from './table.tsx';

const Person = later(() => import('./person.drawer.tsx'));
const Give = later(() => import('../rewards/give.dialog.tsx'));

/** Those who speak well of us: as a board of stages, or ranked; and the record of one of them. */
export default function BoardPage() {
  const t = useT();
  const w = useAdvocateWords();
  const me = useMe();
  const room = useRoom();
  const offline = useOffline();
  const { address, change } = useBoardAddress();
  const { view, who, days, kind, channelId, product, segmentId, q, sort } = address;
  const filter = { kind, channelId, product, segmentId, q, sort };
  // The table's rows; beside a board the first window tells whether there is anybody, and what they speak of.
  const { query, cards } = useCards(null, view === 'table' ? filter : { ...filter, sort: 'score' });
  // A phone has room for the cards alone.
  const [tools, setTools] = useState(room !== 'phone');
  useHotkey('list.filter', () => setTools(!tools));
  const [rewarding, setRewarding] = useState<Advocate | null>(null);
  const onReward = may(me, 'reward.give') && !offline ? setRewarding : undefined;
  const onOpen = useCallback((customerId: string) => change({ who: customerId }), [change]);
  useHotkey('board.view', () => change({ view: view === 'board' ? 'table' : 'board' }));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const counts = query.data?.pages[0]?.counts;
  const nobody =
    !isNarrowed(filter) && Boolean(counts && advocateStages.every((stage) => counts[stage] === 0));
  const products = [...new Set(cards.flatMap((each) => each.products))].sort((a, b) => a.localeCompare(b));
  const period = <PeriodChoice days={days} onDays={(next) => change({ days: next })} />;
  return (
    <AdvocatesArea
      part="board"
      fills
      {...(room === 'wide' && { text: w.board.text })}
      actions={
        !nobody && (
          <>
            {tools && room !== 'phone' && period}
            <Segmented
              bare
              label={w.board.view}
              value={view}
              onChange={(id) => change({ view: id })}
              options={[
                { id: 'board', label: w.board.views.board, icon: <Columns3 size={15} aria-hidden /> },
                { id: 'table', label: w.board.views.table, icon: <List size={15} aria-hidden /> },
              ]}
            />
            <IconButton
              variant="secondary"
              label={w.filter.label}
              hotkey="list.filter"
              icon={<ListFilter size={16} />}
              aria-pressed={tools}
              onPress={() => setTools(!tools)}
            />
          </>
        )
      }
    >
      {query.isError && !query.data ? (
        <ErrorState
          className="flex-1"
          title={w.board.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : nobody ? (
        <EmptyState
          className="flex-1"
          icon={<HeartHandshake size={24} />}
          title={w.board.emptyTitle}
          text={w.board.emptyText}
          action={
            may(me, 'channel.manage') ? (
              <LinkButton href="/channels">{w.board.emptyAction}</LinkButton>
            ) : may(me, 'listening.manage') ? (
              <LinkButton href="/listening/searches">{w.board.emptyActionListening}</LinkButton>
            ) : undefined
          }
        />
      ) : (
        <>
          {tools && (
            <>
              {room === 'phone' && <div className="mb-2">{period}</div>}
              <KpiStrip days={days} />
              <Filters address={address} onChange={change} products={products} />
            </>
          )}
          {view === 'board' ? (
            <Board filter={filter} onOpen={onOpen} onReward={onReward} />
          ) : query.isPending ? (
            <Delayed>
              <SkeletonRows />
            </Delayed>
          ) : cards.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<HeartHandshake size={24} />}
              title={isNarrowed(filter) ? w.board.filteredTitle : w.board.emptyTitle}
              text={w.board.filteredText}
            />
          ) : (
            <AdvocateTable
              key={JSON.stringify(filter)}
              rows={cards}
              more={hasNextPage}
              onEnd={onEnd}
              onOpen={onOpen}
              onReward={onReward}
            />
          )}
        </>
      )}
      <Suspense>
        {who && (
          <Person
            key={who}
            customerId={who}
            gives={onReward !== undefined}
            onClose={() => change({ who: null })}
          />
        )}
        {rewarding && <Give advocate={rewarding} onClose={() => setRewarding(null)} />}
      </Suspense>
    </AdvocatesArea>
  );
}
