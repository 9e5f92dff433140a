import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Field } from '../../../shared/field.ts';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Archive, ArrowDown, ArrowUp, List, Pencil, Plus, RotateCcw } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useKeptFocus } from '../../lib/kept-focus.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { keepIn, useListEvents } from '../teams/queries.ts';
import { FieldDialog } from './field.dialog.tsx';

/** What an organisation wants to know of each customer, under headings of its own. */
export default function FieldsPage() {
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  useListEvents();
  const fields = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const [open, setOpen] = useState<Field | 'new' | null>(null);
  const page = useRef<HTMLDivElement>(null);
  useKeptFocus(page);
  const add = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setOpen('new')}
    >
      {w.customFields.add}
    </Button>
  );
  return (
    <SettingsPage
      title={w.customFields.title}
      text={w.customFields.text}
      actions={fields.data?.length ? add : undefined}
    >
      <div ref={page} className="flex flex-1 flex-col outline-none">
        <Loaded query={fields} failed={w.customFields.loadFailed}>
          {(list) => {
            if (list.length === 0)
              return (
                <EmptyState
                  className="flex-1"
                  icon={<List size={24} />}
                  title={w.customFields.emptyTitle}
                  text={w.customFields.emptyText}
                  action={add}
                />
              );
            const working = list.filter((field) => !field.archived);
            const archived = list.filter((field) => field.archived);
            const groups = [...new Set(working.map(({ group }) => group))];
            return (
              <>
                {groups.map((group) => (
                  <Group
                    key={group}
                    title={group || (groups.length > 1 ? w.customFields.noGroup : '')}
                    fields={working.filter((field) => field.group === group)}
                    onEdit={setOpen}
                  />
                ))}
                {archived.length > 0 && (
                  <Group title={w.customFields.archivedTitle} fields={archived} onEdit={setOpen} />
                )}
              </>
            );
          }}
        </Loaded>
      </div>
      {open && (
        <FieldDialog
          field={open === 'new' ? null : open}
          groups={[...new Set((fields.data ?? []).map(({ group }) => group).filter(Boolean))]}
          onClose={() => setOpen(null)}
        />
      )}
    </SettingsPage>
  );
}

interface GroupProps {
  title: string;
  fields: readonly Field[];
  onEdit: (field: Field) => void;
}

function Group({ title, fields, onEdit }: GroupProps) {
  const t = useT();
  const w = useWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const move = useMutation({
    // The order is told whole: fields that were made together may share a number.
    mutationFn: async ({ from, to }: { from: number; to: number }) => {
      const next = [...fields];
      const [moved] = next.splice(from, 1);
      if (moved) next.splice(to, 0, moved);
      for (const [order, field] of next.entries())
        if (field.order !== order) await calls.updateField(field.id, { order });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['fields'] }),
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
  const step = (from: number, by: 1 | -1) => {
    if (!move.isPending) move.mutate({ from, to: from + by });
  };
  return (
    <section className="mb-7">
      {title && <h2 className="mb-2 text-xs font-semibold text-ink-muted">{title}</h2>}
      <ul
        aria-label={title || w.customFields.title}
        aria-busy={move.isPending}
        className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
      >
        {fields.map((field, at) => (
          <Row
            key={field.id}
            field={field}
            onEdit={() => onEdit(field)}
            onUp={at > 0 ? () => step(at, -1) : null}
            onDown={at < fields.length - 1 ? () => step(at, 1) : null}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  field: Field;
  onEdit: () => void;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
}

function Row({ field, onEdit, onUp, onDown }: RowProps) {
  const t = useT();
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const archive = useMutation({
    mutationFn: (archived: boolean) => calls.updateField(field.id, { archived }),
    onSuccess: (saved) => {
      keepIn(client, 'fields', saved);
      showToast({
        text: saved.archived ? w.customFields.archived(saved.name) : w.customFields.restored(saved.name),
        tone: 'ok',
        ...(saved.archived && { undo: () => archive.mutate(false) }),
      });
    },
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <bdi>{field.name}</bdi>
          <Chip>{w.customFields.types[field.type]}</Chip>
          {field.weight > 0 && <Chip tone="info">{w.customFields.counts(field.weight)}</Chip>}
          {field.staleMonths > 0 && <Chip>{w.customFields.stale(field.staleMonths)}</Chip>}
        </p>
        {field.hint && <p className="text-xs text-ink-muted">{field.hint}</p>}
      </div>
      <div className="flex shrink-0 items-center gap-1.5">
        {!field.archived && (
          <>
            <IconButton
              size="sm"
              label={w.customFields.up(field.name)}
              icon={<ArrowUp size={15} />}
              isDisabled={offline || !onUp}
              onPress={() => onUp?.()}
            />
            <IconButton
              size="sm"
              label={w.customFields.down(field.name)}
              icon={<ArrowDown size={15} />}
              isDisabled={offline || !onDown}
              onPress={() => onDown?.()}
            />
          </>
        )}
        <Button
          size="sm"
          icon={<Pencil size={14} aria-hidden />}
          aria-label={w.customFields.edit(field.name)}
          onPress={onEdit}
        >
          {t.common.edit}
        </Button>
        <IconButton
          size="sm"
          label={field.archived ? w.customFields.restore(field.name) : w.customFields.archive(field.name)}
          icon={field.archived ? <RotateCcw size={15} /> : <Archive size={15} />}
          isPending={archive.isPending}
          isDisabled={offline}
          onPress={() => archive.mutate(!field.archived)}
        />
      </div>
    </li>
  );
}
