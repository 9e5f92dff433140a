import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import {
  type CannedReply,
  type CannedVariable,
  cannedVariables,
  fillCanned,
} from '../../../shared/canned.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Folder as FolderIcon, MessageSquareText, Plus, Search } from '../../components/icons.ts';
import { SearchField } from '../../components/text-field.tsx';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { dirOf } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { useListEvents, useTeams } from '../teams/queries.ts';
import { CannedEditor } from './canned.editor.tsx';
import { type Folder, findReplies, folderLine, folderTree } from './canned-form.ts';

export function useCanned() {
  const { calls } = useWorkspace();
  useListEvents();
  return useQuery({ queryKey: ['canned'], queryFn: () => calls.canned() });
}

/** `/canned`, `/canned/new` and `/canned/:id`. */
export default function CannedPage() {
  const w = useWords();
  const [, params] = useRoute('/canned/:id?');
  const replies = useCanned();
  if (!params?.id) return <CannedList />;
  const { id } = params;
  return (
    <SettingsPage
      title={id === 'new' ? w.canned.add : w.canned.edit}
      back={{ href: '/canned', label: w.canned.back }}
    >
      <Loaded query={replies} failed={w.canned.loadFailed}>
        {(list) => {
          const reply = list.find((one) => one.id === id);
          if (!reply && id !== 'new')
            return (
              <EmptyState
                className="flex-1"
                icon={<MessageSquareText size={24} />}
                title={w.canned.notFoundTitle}
                text={w.canned.notFoundText}
              />
            );
          return <CannedEditor key={id} reply={reply ?? null} all={list} />;
        }}
      </Loaded>
    </SettingsPage>
  );
}

function CannedList() {
  const w = useWords();
  const replies = useCanned();
  const [, navigate] = useLocation();
  const offline = useOffline();
  const [query, setQuery] = useState('');
  const [folder, setFolder] = useState<readonly string[] | null>(null);
  const add = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => navigate('/canned/new')}
    >
      {w.canned.add}
    </Button>
  );
  return (
    <SettingsPage
      title={w.canned.title}
      text={w.canned.text}
      actions={replies.data?.length ? add : undefined}
    >
      <Loaded query={replies} failed={w.canned.loadFailed}>
        {(list) => {
          if (list.length === 0)
            return (
              <EmptyState
                className="flex-1"
                icon={<MessageSquareText size={24} />}
                title={w.canned.emptyTitle}
                text={w.canned.emptyText}
                action={add}
              />
            );
          const tree = folderTree(list);
          const found = findReplies(list, { query, folder });
          return (
            <>
              <SearchField
                label={w.canned.search}
                placeholder={w.canned.search}
                value={query}
                onChange={setQuery}
                className="mb-4 max-w-sm"
              />
              <div className={cx('grid items-start gap-4', tree.length > 0 && 'sm:grid-cols-[12rem_1fr]')}>
                {tree.length > 0 && (
                  <Folders tree={tree} total={list.length} chosen={folder} onChoose={setFolder} />
                )}
                {found.length === 0 ? (
                  <EmptyState
                    icon={<Search size={24} />}
                    title={w.canned.noneFound}
                    text={w.canned.noneFoundText}
                  />
                ) : (
                  <ul
                    aria-label={w.canned.title}
                    className="min-w-0 divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
                  >
                    {found.map((reply) => (
                      <Row key={reply.id} reply={reply} />
                    ))}
                  </ul>
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </SettingsPage>
  );
}

interface FoldersProps {
  tree: readonly Folder[];
  total: number;
  chosen: readonly string[] | null;
  onChoose: (folder: readonly string[] | null) => void;
}

function Folders({ tree, total, chosen, onChoose }: FoldersProps) {
  const w = useWords();
  return (
    <nav aria-label={w.canned.folders}>
      <ul>
        <FolderRow
          name={w.canned.everything}
          count={total}
          depth={0}
          here={chosen === null}
          onChoose={() => onChoose(null)}
        />
        <FolderRows tree={tree} chosen={chosen} onChoose={onChoose} depth={0} />
      </ul>
    </nav>
  );
}

interface FolderRowsProps extends Omit<FoldersProps, 'total'> {
  depth: number;
}

function FolderRows({ tree, chosen, onChoose, depth }: FolderRowsProps) {
  return tree.map((folder) => {
    const line = folderLine(folder.path);
    return (
      <FolderRow
        key={line}
        name={folder.name}
        count={folder.count}
        depth={depth}
        here={chosen !== null && folderLine(chosen) === line}
        onChoose={() => onChoose(folder.path)}
      >
        <FolderRows tree={folder.inside} chosen={chosen} onChoose={onChoose} depth={depth + 1} />
      </FolderRow>
    );
  });
}

interface FolderRowProps {
  name: string;
  count: number;
  depth: number;
  here: boolean;
  onChoose: () => void;
  children?: ReactNode;
}

function FolderRow({ name, count, depth, here, onChoose, children }: FolderRowProps) {
  const fmt = useFmt();
  return (
    <li>
      <button
        type="button"
        aria-current={here ? 'true' : undefined}
        onClick={onChoose}
        style={{ paddingInlineStart: `${0.5 + depth * 0.9}rem` }}
        className={cx(
          'flex min-h-(--control) w-full items-center gap-2 rounded-md pe-2 text-start hover:bg-hover',
          here ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink-muted',
        )}
      >
        <FolderIcon size={15} aria-hidden className="shrink-0" />
        <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
        <span className="text-2xs">{fmt.number(count)}</span>
      </button>
      {children && <ul>{children}</ul>}
    </li>
  );
}

function Row({ reply }: { reply: CannedReply }) {
  const w = useWords();
  const { direction } = useLocale();
  const owner = useUsers().get(reply.ownerId);
  const teams = useTeams();
  const { sharedWith } = reply;
  const shared =
    sharedWith === 'nobody'
      ? w.canned.nobody
      : sharedWith === 'everyone'
        ? w.canned.everyone
        : w.canned.team(teams.data?.find(({ id }) => id === sharedWith.teamId)?.name ?? '…');
  return (
    <li>
      <Link href={`/canned/${reply.id}`} className="block rounded-xl px-4 py-3 hover:bg-raised">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="font-semibold">{reply.title}</bdi>
          {reply.shortcut && (
            <code className="rounded-sm bg-sunken px-1.5 text-xs text-ink-muted">
              <bdi>/{reply.shortcut}</bdi>
            </code>
          )}
          <Chip>{shared}</Chip>
        </span>
        <span dir={dirOf(reply.text, direction)} className="ui-start mt-0.5 block truncate text-ink-muted">
          {withNames(reply.text, w.canned.variables)}
        </span>
        <span className="mt-0.5 block text-2xs text-ink-faint">
          {[
            reply.folder.length > 0 && folderLine(reply.folder),
            owner && w.canned.by(owner.name),
            reply.used > 0 ? w.canned.used(reply.used) : w.canned.neverUsed,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </Link>
    </li>
  );
}

/** A text as it is skimmed: variables by their names. */
function withNames(text: string, names: Record<CannedVariable, string>): string {
  const marked = Object.fromEntries(cannedVariables.map((name) => [name, `[${names[name]}]`]));
  return fillCanned(text, marked).text;
}
