import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Tag } from '../../../shared/tag.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Archive, Pencil, Plus, RotateCcw, Tag as TagIcon } from '../../components/icons.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { keepIn, useListEvents } from '../teams/queries.ts';
import { TagDialog } from './tag.dialog.tsx';

/** Names and colours of the tags; those put away are no longer offered. */
export default function TagsPage() {
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  useListEvents();
  const tags = useQuery({ queryKey: ['tags'], queryFn: () => calls.tags() });
  const [open, setOpen] = useState<Tag | 'new' | null>(null);
  const [query, setQuery] = useState('');
  const add = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setOpen('new')}
    >
      {w.tags.add}
    </Button>
  );
  return (
    <SettingsPage title={w.tags.title} text={w.tags.text} actions={tags.data?.length ? add : undefined}>
      <Loaded query={tags} failed={w.tags.loadFailed}>
        {(list) => {
          if (list.length === 0)
            return (
              <EmptyState
                className="flex-1"
                icon={<TagIcon size={24} />}
                title={w.tags.emptyTitle}
                text={w.tags.emptyText}
                action={add}
              />
            );
          const found = list.filter((tag) => normalise(tag.name).includes(normalise(query)));
          const working = found.filter((tag) => !tag.archived);
          const archived = found.filter((tag) => tag.archived);
          return (
            <>
              {list.length > 8 && (
                <SearchField
                  label={w.tags.search}
                  placeholder={w.tags.search}
                  value={query}
                  onChange={setQuery}
                  className="mb-3 max-w-sm"
                />
              )}
              {found.length === 0 && <p className="py-3 text-ink-muted">{w.tags.noneFound}</p>}
              {working.length > 0 && <Rows tags={working} label={w.tags.title} onEdit={setOpen} />}
              {archived.length > 0 && (
                <>
                  <h2 className="mt-8 mb-2 text-xs font-semibold text-ink-muted">{w.tags.archivedTitle}</h2>
                  <Rows tags={archived} label={w.tags.archivedTitle} onEdit={setOpen} />
                </>
              )}
            </>
          );
        }}
      </Loaded>
      {open && (
        <TagDialog tag={open === 'new' ? null : open} known={tags.data ?? []} onClose={() => setOpen(null)} />
      )}
    </SettingsPage>
  );
}

interface RowsProps {
  tags: readonly Tag[];
  label: string;
  onEdit: (tag: Tag) => void;
}

function Rows({ tags, label, onEdit }: RowsProps) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
    >
      {tags.map((tag) => (
        <Row key={tag.id} tag={tag} onEdit={() => onEdit(tag)} />
      ))}
    </ul>
  );
}

function Row({ tag, onEdit }: { tag: Tag; onEdit: () => void }) {
  const t = useT();
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const update = useMutation({
    mutationFn: (archived: boolean) => calls.updateTag(tag.id, { archived }),
    onSuccess: (saved) => {
      keepIn(client, 'tags', saved);
      showToast({
        text: saved.archived ? w.tags.archived(saved.name) : w.tags.restored(saved.name),
        tone: 'ok',
        ...(saved.archived && { undo: () => update.mutate(false) }),
      });
    },
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <span className="min-w-0 flex-1">
        <TagChip tag={tag} />
      </span>
      <Button
        size="sm"
        icon={<Pencil size={14} aria-hidden />}
        aria-label={w.tags.edit(tag.name)}
        onPress={onEdit}
      >
        {t.common.edit}
      </Button>
      <IconButton
        size="sm"
        label={tag.archived ? w.tags.restoreOf(tag.name) : w.tags.archiveOf(tag.name)}
        icon={tag.archived ? <RotateCcw size={15} /> : <Archive size={15} />}
        isPending={update.isPending}
        isDisabled={offline}
        onPress={() => update.mutate(!tag.archived)}
      />
    </li>
  );
}
