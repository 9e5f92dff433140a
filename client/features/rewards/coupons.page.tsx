import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { may } from '../../../shared/access.ts';
import type { CouponList } from '../../../shared/reward.ts';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Archive, Ellipsis, Pencil, Plus, RotateCcw, Ticket } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { money } from '../../lib/money.ts';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { AdvocatesArea } from '../advocates/area.tsx';
import { errorText } from '../error-text.ts';
import { Form } from '../settings/form.tsx';
import { Loaded, useOffline } from '../settings/page.tsx';
import { useLedgerAgain } from './deeds.ts';

const CouponDialog = later(() => import('./coupon.dialog.tsx'));

/** Lists of codes: what is left of each, and more for them. */
export default function CouponsPage() {
  const w = useAdvocateWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const query = useQuery({ queryKey: ['coupons'], queryFn: () => calls.couponLists() });
  const [open, setOpen] = useState<CouponList | 'new' | null>(null);
  const manages = may(me, 'advocate.manage') && !offline;
  const add = manages && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOpen('new')}>
      {w.coupons.add}
    </Button>
  );
  return (
    <AdvocatesArea part="coupons" text={w.coupons.text} actions={(query.data?.length ?? 0) > 0 && add}>
      <Loaded query={query} failed={w.coupons.loadFailed}>
        {(lists) =>
          lists.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<Ticket size={24} />}
              title={w.coupons.emptyTitle}
              text={w.coupons.emptyText}
              action={add}
            />
          ) : (
            <ul
              aria-label={w.coupons.list}
              className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
            >
              {[...lists]
                .sort((a, b) => Number(a.archived) - Number(b.archived))
                .map((list) => (
                  <Row key={list.id} list={list} manages={manages} onAdd={() => setOpen(list)} />
                ))}
            </ul>
          )
        }
      </Loaded>
      <Suspense>
        {open && <CouponDialog list={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
      </Suspense>
    </AdvocatesArea>
  );
}

function Row({ list, manages, onAdd }: { list: CouponList; manages: boolean; onAdd: () => void }) {
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const { calls } = useWorkspace();
  const again = useLedgerAgain();
  const [naming, setNaming] = useState(false);
  const name = plainName(list.name);
  const all = list.left + list.given;
  const over = list.expiresAt !== null && Date.parse(list.expiresAt) < now;
  const failed = (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' });
  const archive = (archived: boolean) =>
    calls.updateCouponList(list.id, { archived }).then(() => {
      again();
      if (archived) showToast({ text: w.coupons.archivedSaid(name), undo: () => void archive(false) });
    }, failed);
  if (naming) return <Rename list={list} onClose={() => setNaming(false)} />;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-48 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <bdi className="font-semibold">{name}</bdi>
          {list.archived && <Chip>{w.coupons.archived}</Chip>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-ink-muted">
          <span>{w.coupons.worth(fmt.number(list.points))}</span>
          {list.cost && <span>{money(language, list.cost)}</span>}
          {list.expiresAt && (
            <time
              dateTime={list.expiresAt}
              title={fmt.both(list.expiresAt)}
              className={over ? 'text-danger-ink' : ''}
            >
              {(over ? w.coupons.expired : w.coupons.until)(fmt.date(list.expiresAt, now))}
            </time>
          )}
        </p>
      </div>
      <div className="w-44">
        <p className="mb-1 text-xs">{w.coupons.left(list.left, all)}</p>
        <span aria-hidden className="block h-1.5 overflow-hidden rounded-full bg-sunken">
          <span
            className="block h-full rounded-full bg-accent"
            style={{ width: `${all === 0 ? 0 : (list.left / all) * 100}%` }}
          />
        </span>
      </div>
      {manages && (
        <>
          {!list.archived && (
            <Button size="sm" icon={<Plus size={14} aria-hidden />} onPress={onAdd}>
              {w.coupons.addCodes}
            </Button>
          )}
          <Menu
            label={w.coupons.menu(name)}
            placement="bottom end"
            trigger={<IconButton label={w.coupons.menu(name)} icon={<Ellipsis size={16} />} />}
            items={[
              {
                id: 'rename',
                label: w.coupons.rename,
                icon: <Pencil size={15} />,
                onAction: () => setNaming(true),
              },
              {
                id: 'archive',
                label: list.archived ? w.coupons.restore : w.coupons.archive,
                icon: list.archived ? <RotateCcw size={15} /> : <Archive size={15} />,
                onAction: () => void archive(!list.archived),
              },
            ]}
          />
        </>
      )}
    </li>
  );
}

function Rename({ list, onClose }: { list: CouponList; onClose: () => void }) {
  const t = useT();
  const w = useAdvocateWords();
  const { calls } = useWorkspace();
  const again = useLedgerAgain();
  const [name, setName] = useState(list.name);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return;
    if (!name.trim()) return setError(w.coupons.nameNeeded);
    setBusy(true);
    try {
      await calls.updateCouponList(list.id, { name: name.trim() });
      again();
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  };
  return (
    <li className="px-4 py-3">
      <Form onSubmit={() => void save()} issues={error} className="flex flex-wrap items-end gap-2">
        <TextField
          autoFocus
          label={w.coupons.name}
          value={name}
          onChange={setName}
          error={error}
          maxLength={80}
          className="min-w-48 flex-1"
        />
        <Button type="submit" variant="primary" isPending={busy}>
          {t.common.save}
        </Button>
        <Button variant="quiet" onPress={onClose}>
          {t.common.cancel}
        </Button>
      </Form>
    </li>
  );
}
