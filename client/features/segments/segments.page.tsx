import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { Segment } from '../../../shared/segment.ts';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Copy, Ellipsis, ListFilter, Lock, Pencil, Plus, Trash2, Users } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { CustomersArea } from '../customers/area.tsx';
import { useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { Loaded, useOffline } from '../settings/page.tsx';
import { keepIn, useListEvents } from '../teams/queries.ts';
import { mayChange } from './may-change.ts';
import { conditionsOf, type RuleWords, useRuleWords } from './use-rule-words.ts';

const none: readonly Segment[] = [];

/** One's own segments and everybody's, with how many they hold now. */
export default function SegmentsPage() {
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  useListEvents();
  const segments = useQuery({ queryKey: ['segments'], queryFn: () => calls.segments() });
  const list = segments.data ?? none;
  const words = useRuleWords(list.flatMap(({ rule }) => conditionsOf(rule)));
  const box = useRef<HTMLUListElement>(null);
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
  const writes = may(me, 'segment.write');
  useHotkey('customers.create', () => navigate('/customers/segments/new'), { enabled: writes && !offline });
  const add = writes && (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => navigate('/customers/segments/new')}
    >
      {w.segments.add}
    </Button>
  );
  return (
    <CustomersArea part="segments" text={w.segments.text} actions={list.length > 0 ? add : undefined}>
      <Loaded query={segments} failed={w.segments.loadFailed}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<ListFilter size={24} />}
              title={w.segments.emptyTitle}
              text={w.segments.emptyText}
              action={add}
            />
          ) : (
            <ul
              ref={box}
              aria-label={w.segments.list}
              className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
            >
              {all.map((segment, nth) => (
                <Row key={segment.id} segment={segment} words={words} onFocus={() => setAt(nth)} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </CustomersArea>
  );
}

interface RowProps {
  segment: Segment;
  words: RuleWords;
  onFocus: () => void;
}

function Row({ segment, words, onFocus }: RowProps) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const users = useUsers();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const { id, name, rule, ownerId, sharedWith, size } = segment;
  const plain = plainName(name);
  const changes = mayChange(me, segment);
  const owner = users.get(ownerId)?.name;
  const failed = (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' });
  const restore = () => calls.restoreSegment(id).then((back) => keepIn(client, 'segments', back), failed);
  const remove = useMutation({
    mutationFn: () => calls.deleteSegment(id),
    onSuccess: () => {
      client.setQueryData<Segment[]>(['segments'], (before) => before?.filter((one) => one.id !== id));
      document.getElementById('content')?.focus();
      showToast({ text: w.segments.deleted(plain), undo: () => void restore() });
    },
    onError: failed,
  });
  return (
    <li className="flex items-center gap-3 px-4 py-3 has-[[data-row]:hover]:bg-hover">
      <Link
        data-row
        href={`/customers/segments/${id}`}
        onFocus={onFocus}
        className="min-w-0 flex-1 rounded-md"
      >
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="font-semibold">{plain}</bdi>
          {sharedWith === 'everyone' ? (
            <Chip icon={<Users size={12} aria-hidden />} tone="info">
              {w.segments.everyone}
            </Chip>
          ) : (
            <Chip icon={<Lock size={12} aria-hidden />}>{w.segments.mine}</Chip>
          )}
          {ownerId !== me.id && owner && (
            <span className="text-xs text-ink-faint">{w.segments.ownedBy(plainName(owner))}</span>
          )}
        </span>
        <span className="mt-0.5 line-clamp-2 text-pretty text-xs text-ink-muted">{words.text(rule)}</span>
      </Link>
      <Link
        href={`/customers?segment=${id}`}
        aria-label={`${(size.about ? w.segments.about : w.segments.customers)(size.count)}: ${w.segments.showOf(plain)}`}
        title={size.about ? w.segments.aboutHint : w.segments.show}
        className="inline-flex min-h-(--control) shrink-0 items-center rounded-md px-2 text-sm font-semibold text-accent-ink hover:bg-accent-soft"
      >
        {(size.about ? w.segments.about : w.segments.customers)(size.count)}
      </Link>
      <Menu
        label={w.segments.menu(plain)}
        placement="bottom end"
        trigger={<IconButton label={w.segments.menu(plain)} icon={<Ellipsis size={16} />} />}
        items={[
          {
            id: 'show',
            label: w.segments.show,
            icon: <Users size={15} />,
            onAction: () => navigate(`/customers?segment=${id}`),
          },
          {
            id: 'edit',
            label: changes ? w.segments.edit : w.segments.open,
            icon: <Pencil size={15} />,
            onAction: () => navigate(`/customers/segments/${id}`),
          },
          ...(may(me, 'segment.write')
            ? [
                {
                  id: 'duplicate',
                  label: w.segments.duplicate,
                  icon: <Copy size={15} />,
                  onAction: () => navigate(`/customers/segments/new?from=${id}`),
                },
              ]
            : []),
          ...(changes
            ? [
                {
                  id: 'delete',
                  label: w.segments.delete,
                  icon: <Trash2 size={15} />,
                  danger: true,
                  disabled: offline,
                  onAction: () => remove.mutate(),
                },
              ]
            : []),
        ]}
      />
    </li>
  );
}
