import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { may } from '../../../../shared/access.ts';
import type { Panel, PanelLayout } from '../../../../shared/panels.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { cx } from '../../../components/cx.ts';
import {
  ArrowDown,
  ArrowUp,
  Check,
  Eye,
  EyeOff,
  GripVertical,
  RotateCcw,
  Users,
} from '../../../components/icons.ts';
import { announce } from '../../../components/live-region.tsx';
import { Menu } from '../../../components/menu.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { useMe, useStore, useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { usePreference } from '../../profile/use-preference.ts';
import { useLayout } from './layout.ts';

/** Every panel as a line: dragged, moved by its buttons or by Alt and the arrow keys, shown or hidden. Kept with each step. */
export function Arrange({ onDone }: { onDone: () => void }) {
  const w = useCustomerWords();
  const prefer = usePreference();
  const { order, hidden, own } = useLayout();
  const [dragged, setDragged] = useState<Panel | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const keep = (layout: PanelLayout | null) => prefer({ panels: layout });
  const put = (panel: Panel, to: number) => {
    if (to < 0 || to >= order.length) return;
    const next = order.filter((each) => each !== panel);
    next.splice(to, 0, panel);
    keep({ order: next, hidden: [...hidden] });
    announce(w.panels.moved(w.panels.names[panel], to + 1, order.length));
  };
  const turn = (panel: Panel) =>
    keep({
      order,
      hidden: hidden.includes(panel) ? hidden.filter((each) => each !== panel) : [...hidden, panel],
    });
  const onKeyDown = (event: KeyboardEvent, at: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const panel = order[at];
    if (!by || !panel) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) put(panel, at + by);
    const next = event.altKey ? panel : order[at + by];
    // After the line has taken its new place.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-panel="${next}"]`)?.focus());
  };
  const onDragOver = (event: DragEvent, over: Panel) => {
    event.preventDefault();
    if (dragged && dragged !== over) put(dragged, order.indexOf(over));
  };
  return (
    <section aria-label={w.panels.arrange} className="rounded-xl border border-accent bg-surface px-4 py-3">
      <div className="mb-1 flex items-center gap-2">
        <h2 className="min-w-0 flex-1 text-sm font-bold">{w.panels.arrange}</h2>
        <Button size="sm" variant="primary" icon={<Check size={14} aria-hidden />} onPress={onDone} autoFocus>
          {w.panels.arrangeDone}
        </Button>
      </div>
      <p className="mb-2 text-2xs text-pretty text-ink-muted">{w.panels.arrangeHelp}</p>
      <ul ref={list} className="-mx-2">
        {order.map((panel, at) => {
          const name = w.panels.names[panel];
          const off = hidden.includes(panel);
          return (
            <li
              key={panel}
              draggable
              onDragStart={(event) => {
                setDragged(panel);
                event.dataTransfer.effectAllowed = 'move';
              }}
              onDragOver={(event) => onDragOver(event, panel)}
              onDrop={(event) => event.preventDefault()}
              onDragEnd={() => setDragged(null)}
              className={cx(
                'flex items-center gap-1 rounded-md ps-1 pe-0.5',
                dragged === panel && 'bg-accent-soft',
              )}
            >
              <button
                type="button"
                data-panel={panel}
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                onKeyDown={(event) => onKeyDown(event, at)}
                className="flex min-h-8 min-w-0 flex-1 cursor-grab items-center gap-1.5 rounded-md px-1 text-start text-sm pointer-coarse:min-h-11"
              >
                <GripVertical size={14} aria-hidden className="shrink-0 text-ink-faint" />
                <span className={cx('min-w-0 truncate', off && 'text-ink-faint line-through')}>{name}</span>
              </button>
              <IconButton
                size="sm"
                label={w.panels.moveUp(name)}
                icon={<ArrowUp size={14} />}
                isDisabled={at === 0}
                onPress={() => put(panel, at - 1)}
              />
              <IconButton
                size="sm"
                label={w.panels.moveDown(name)}
                icon={<ArrowDown size={14} />}
                isDisabled={at === order.length - 1}
                onPress={() => put(panel, at + 1)}
              />
              <IconButton
                size="sm"
                label={off ? w.panels.show(name) : w.panels.hide(name)}
                icon={off ? <EyeOff size={14} /> : <Eye size={14} />}
                onPress={() => turn(panel)}
              />
            </li>
          );
        })}
      </ul>
      <div className="mt-2 flex flex-wrap gap-1 border-t border-line pt-2 empty:hidden">
        {own && (
          <Button
            size="sm"
            variant="quiet"
            icon={<RotateCcw size={14} aria-hidden />}
            onPress={() => keep(null)}
          >
            {w.panels.asTeam}
          </Button>
        )}
        <ForTeam layout={{ order, hidden: [...hidden] }} />
      </div>
    </section>
  );
}

/** What an administrator sees is given to everybody of a team who has arranged nothing of their own. */
function ForTeam({ layout }: { layout: PanelLayout }) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const teams = [...useStore((state) => state.teams).values()].filter(({ archived }) => !archived);
  if (!may(me, 'team.manage') || teams.length === 0) return null;
  const give = async (id: string, name: string) => {
    try {
      await calls.updateTeam(id, { panels: layout });
      void client.invalidateQueries({ queryKey: ['teams'] });
      showToast({ text: w.panels.givenToTeam(name), tone: 'ok', stays: 4_000 });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
  return (
    <Menu
      label={w.panels.forTeam}
      trigger={
        <Button size="sm" variant="quiet" icon={<Users size={14} aria-hidden />}>
          {w.panels.forTeam}
        </Button>
      }
      items={teams.map(({ id, name }) => ({ id, label: name, onAction: () => void give(id, name) }))}
    />
  );
}
