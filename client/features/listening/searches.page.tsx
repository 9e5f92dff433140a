import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { SavedSearch } from '../../../shared/listening.ts';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Archive, BellRing, Bookmark, List, Pencil, Plus, RotateCcw } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { showToast } from '../../components/toast.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useMe, useWelcome, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Loaded, useOffline } from '../settings/page.tsx';
import { keepIn } from '../teams/queries.ts';
import { ListeningArea } from './area.tsx';
import { useCountEvents } from './events.ts';
import { useSearches } from './queries.ts';

/** What is listened for, with how much each found of late. */
export default function SearchesPage() {
  const w = useListeningWords().searches;
  const me = useMe();
  const offline = useOffline();
  const name = useWelcome()?.organisation;
  useCountEvents();
  const searches = useSearches();
  const [, navigate] = useLocation();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const go = (by: number) => {
    const links = box.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
    const inside = box.current?.contains(document.activeElement) ?? false;
    const next = Math.max(0, Math.min(links.length - 1, inside ? at + by : at));
    setAt(next);
    links[next]?.focus();
  };
  useHotkey('list.next', () => go(1));
  useHotkey('list.previous', () => go(-1));
  const manages = may(me, 'listening.manage');
  const first = searches.data?.length === 0 && name ? `?name=${encodeURIComponent(name)}` : '';
  const create = () => navigate(`/listening/searches/new${first}`);
  useHotkey('listening.create', create, { enabled: manages && !offline });
  const keys = useHotkeyKeys('listening.create');
  const add = manages && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} isDisabled={offline} onPress={create}>
      {w.create}
      {keys && (
        <span aria-hidden className="pointer-coarse:hidden">
          <Kbd keys={keys} inverse />
        </span>
      )}
    </Button>
  );
  return (
    <ListeningArea part="searches" text={w.text} actions={searches.data?.length ? add : undefined}>
      <Loaded query={searches} failed={w.loadFailed}>
        {(all) => {
          const archived = all.filter((search) => search.archived);
          const active = all.filter((search) => !search.archived);
          const rows = (some: readonly SavedSearch[], offset: number) =>
            some.map((search, nth) => (
              <Row key={search.id} search={search} manages={manages} onFocus={() => setAt(offset + nth)} />
            ));
          return all.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<Bookmark size={24} />}
              title={w.emptyTitle}
              text={w.emptyText}
              action={add}
            />
          ) : (
            <div ref={box} className="flex flex-col gap-5">
              {active.length > 0 && (
                <ul
                  aria-label={w.list}
                  className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
                >
                  {rows(active, 0)}
                </ul>
              )}
              {archived.length > 0 && (
                <section aria-labelledby="archived-searches">
                  <h2 id="archived-searches" className="mb-2 text-sm font-semibold text-ink-muted">
                    {w.archivedList}
                  </h2>
                  <ul className="divide-y divide-line rounded-xl border border-line">
                    {rows(archived, active.length)}
                  </ul>
                </section>
              )}
            </div>
          );
        }}
      </Loaded>
    </ListeningArea>
  );
}

/** How this week's count stands to the one before it. */
function useTrend() {
  const w = useListeningWords().searches;
  const fmt = useFmt();
  return ({ week, weekBefore }: Pick<SavedSearch, 'week' | 'weekBefore'>): string => {
    if (weekBefore === 0) return week === 0 ? '' : w.firstWeek;
    const share = week / weekBefore - 1;
    if (Math.abs(share) < 0.05) return w.same;
    return share > 0 ? w.more(fmt.percent(share)) : w.less(fmt.percent(-share));
  };
}

const mostTerms = 8;

function Row(props: { search: SavedSearch; manages: boolean; onFocus: () => void }) {
  const { search, manages, onFocus } = props;
  const t = useT();
  const words = useListeningWords();
  const w = words.searches;
  const fmt = useFmt();
  const offline = useOffline();
  const trend = useTrend()(search);
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const { id, kind, terms, alert, archived, week, taught } = search;
  const name = plainName(search.name);
  const archive = async (to: boolean) => {
    try {
      keepIn(client, 'searches', await calls.updateSearch(id, { archived: to }));
      // The row went elsewhere under the keyboard.
      if (document.activeElement === document.body) document.getElementById('content')?.focus();
      showToast({
        text: to ? w.archived(name) : w.restored(name),
        tone: 'ok',
        undo: () => void archive(!to),
      });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3.5">
      <Link
        data-row
        href={manages ? `/listening/searches/${id}` : `/listening?search=${id}`}
        onFocus={onFocus}
        aria-label={manages ? w.editOf(name) : w.seeOf(name)}
        className="group min-w-0 flex-1 basis-64 rounded-md"
      >
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="font-semibold underline-offset-3 group-hover:underline">{name}</bdi>
          <Chip tone={kind === 'competitor' ? 'warn' : 'neutral'}>{words.kind[kind]}</Chip>
          {alert && !archived && (
            <span role="img" aria-label={w.alerts} title={w.alerts} className="text-ink-faint">
              <BellRing size={14} aria-hidden />
            </span>
          )}
        </span>
        <span className="mt-1.5 flex flex-wrap gap-1">
          {terms.slice(0, mostTerms).map((term) => (
            <bdi key={term} className="rounded-sm bg-sunken px-1.5 py-0.5 text-xs text-ink-muted">
              {term}
            </bdi>
          ))}
          {terms.length > mostTerms && (
            <span className="px-1 py-0.5 text-xs text-ink-faint">
              +{fmt.number(terms.length - mostTerms)}
            </span>
          )}
        </span>
        {taught > 0 && <span className="mt-1.5 block text-xs text-ink-faint">{w.taught(taught)}</span>}
      </Link>
      {!archived && (
        <p className="w-40 shrink-0 text-sm">
          <span className="block font-semibold">{w.week(week)}</span>
          {trend && <span className="block text-xs text-ink-muted">{trend}</span>}
        </p>
      )}
      <span className="flex shrink-0 items-center gap-0.5">
        <Link
          href={`/listening?search=${id}`}
          aria-label={w.seeOf(name)}
          title={w.see}
          className="grid size-(--control) place-items-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
        >
          <List size={16} aria-hidden />
        </Link>
        {manages && (
          <>
            <Link
              href={`/listening/searches/${id}`}
              tabIndex={-1}
              aria-hidden
              title={w.edit}
              className="grid size-(--control) place-items-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
            >
              <Pencil size={16} aria-hidden />
            </Link>
            <IconButton
              label={archived ? w.restoreOf(name) : w.archiveOf(name)}
              icon={archived ? <RotateCcw size={16} /> : <Archive size={16} />}
              isDisabled={offline}
              onPress={() => void archive(!archived)}
            />
          </>
        )}
      </span>
    </li>
  );
}
