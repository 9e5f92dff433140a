import { useId } from 'react';
import { type Advocate, advocateStages } from '../../../shared/advocate.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import {
  ArrowDown,
  ArrowLeftRight,
  ArrowUp,
  Clock,
  Ellipsis,
  Gift,
  ListTodo,
  Users,
} from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { useUsers } from '../directory.ts';
import { PersonName } from '../inbox/person-name.tsx';
import type { Place } from './arrange.ts';
import { Glyphs, Kinds, OptedOut } from './kinds.tsx';
import { useAdvocateSettings } from './queries.ts';
import { Change, ScoreTip, Trend } from './score.tsx';

export interface CardDeeds {
  onOpen: () => void;
  /** Absent: this person may not give any. */
  onReward?: (() => void) | undefined;
  /** Absent: nothing may be moved. */
  onMove?: ((to: Place) => void) | undefined;
  onStep?: ((by: 1 | -1) => void) | undefined;
  onFocus: () => void;
}

export interface CardProps extends CardDeeds {
  advocate: Advocate;
  /** It has the keyboard of the board. */
  active: boolean;
  /** Tab comes to it: the active one of its column, or the first. */
  entry: boolean;
}

/** One person of the board. The name opens their record and takes the whole card. */
export function Card({ advocate, active, entry, onOpen, onReward, onMove, onStep, onFocus }: CardProps) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const described = useId();
  const keys = [useHotkeyKeys('board.toLeft'), useHotkeyKeys('board.toRight')].filter(Boolean).join(' ');
  const tab = active ? 0 : -1;
  return (
    <div className="group relative flex flex-col gap-2 rounded-lg border border-line bg-surface p-2.5 shadow-soft transition-colors hover:border-line-strong">
      <div className="flex items-center gap-2">
        <Avatar name={advocate.name} seed={advocate.customerId} size="sm" />
        <button
          type="button"
          data-card={advocate.customerId}
          tabIndex={entry ? 0 : -1}
          aria-describedby={described}
          {...(onMove && keys && { 'aria-keyshortcuts': keys })}
          onClick={onOpen}
          onFocus={onFocus}
          className="min-w-0 flex-1 cursor-pointer text-start text-sm font-semibold after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus"
        >
          <PersonName name={advocate.name} />
        </button>
        <ScoreButton advocate={advocate} tab={tab} onPress={onOpen} />
      </div>
      {(advocate.kinds.length > 0 || advocate.optedOut) && (
        <div className="flex flex-wrap gap-1">
          <Kinds kinds={advocate.kinds} />
          {advocate.optedOut && <OptedOut />}
          {advocate.kinds.includes('influencer') && advocate.reach !== null && (
            <span className="inline-flex h-5 items-center gap-1 text-2xs text-ink-muted">
              <Users size={12} aria-hidden />
              <span className="sr-only">{w.board.reach(fmt.number(advocate.reach))}</span>
              <span aria-hidden>{fmt.number(advocate.reach)}</span>
            </span>
          )}
        </div>
      )}
      <div className="flex items-center gap-1.5">
        <Trend trend={advocate.trend} change={advocate.change} width={72} height={20} />
        <Change change={advocate.change} />
        <span className="flex-1" />
        <Glyphs channelIds={advocate.channelIds} />
      </div>
      <div className="flex items-center gap-1.5 text-2xs text-ink-muted">
        <Last advocate={advocate} />
        <span className="flex-1" />
        <Owner ownerId={advocate.ownerId} />
        <CardMenu advocate={advocate} tab={tab} {...{ onOpen, onReward, onMove, onStep }} />
      </div>
      {advocate.nextTask && <NextTask task={advocate.nextTask} />}
      <span id={described} className="sr-only">
        {[
          w.score.of(fmt.number(advocate.score)),
          ...advocate.kinds.map((kind) => w.kind[kind]),
          advocate.optedOut && w.board.optedOut,
        ]
          .filter(Boolean)
          .join(fmt.options.language === 'fa' ? '، ' : ', ')}
      </span>
    </div>
  );
}

function ScoreButton(props: { advocate: Advocate; tab: number; onPress: () => void }) {
  const { advocate, tab, onPress } = props;
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { data: settings } = useAdvocateSettings();
  const score = fmt.number(Math.round(advocate.score));
  const button = (
    <Button
      variant="quiet"
      size="sm"
      excludeFromTabOrder={tab === -1}
      aria-label={w.score.of(fmt.number(advocate.score))}
      className="relative z-1 min-w-8 bg-accent-soft px-1.5 text-sm font-bold text-accent-ink"
      onPress={onPress}
    >
      {score}
    </Button>
  );
  if (!settings) return button;
  return (
    <Tooltip text={<ScoreTip parts={advocate.parts} weights={settings.weights} />} placement="bottom">
      {button}
    </Tooltip>
  );
}

function Last({ advocate }: { advocate: Advocate }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  if (!advocate.lastAt) return <span className="truncate">{w.board.never}</span>;
  return (
    <time
      dateTime={advocate.lastAt}
      title={fmt.both(advocate.lastAt)}
      className="flex min-w-0 items-center gap-1"
    >
      <Clock size={12} aria-hidden className="shrink-0" />
      <span className="sr-only">{w.board.last(fmt.relative(advocate.lastAt, now))}</span>
      <span aria-hidden className="truncate">
        {fmt.relative(advocate.lastAt, now)}
      </span>
    </time>
  );
}

export function Owner({ ownerId, named = false }: { ownerId: string | null; named?: boolean }) {
  const w = useAdvocateWords();
  const users = useUsers();
  const owner = ownerId ? users.get(ownerId) : undefined;
  if (!owner) return null;
  const said = w.board.owner(plainName(owner.name));
  return (
    <span title={said} className="inline-flex min-w-0 items-center gap-1.5">
      <Avatar name={owner.name} seed={owner.id} size="xs" />
      {named ? <PersonName name={owner.name} /> : <span className="sr-only">{said}</span>}
    </span>
  );
}

export function NextTask({ task }: { task: NonNullable<Advocate['nextTask']> }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const late = task.due !== null && Date.parse(task.due) < now;
  return (
    <p
      className={cx(
        'flex items-start gap-1.5 rounded-md px-2 py-1 text-2xs',
        late ? 'bg-warn-soft text-warn-ink' : 'bg-sunken text-ink-muted',
      )}
    >
      <ListTodo size={13} aria-hidden className="mt-px shrink-0" />
      <span className="min-w-0">
        <span className="sr-only">{w.board.task}: </span>
        <bdi className="ui-start line-clamp-2">{task.text}</bdi>
        {task.due && (
          <span className="block font-medium">
            {(late ? w.board.overdue : w.board.due)(fmt.day(task.due, now))}
          </span>
        )}
      </span>
    </p>
  );
}

function CardMenu(props: Omit<CardProps, 'active' | 'entry' | 'onFocus'> & { tab: number }) {
  const { advocate, tab, onOpen, onReward, onMove, onStep } = props;
  const w = useAdvocateWords();
  const name = plainName(advocate.name);
  return (
    <Menu
      label={w.board.menu(name)}
      placement="bottom end"
      trigger={
        <IconButton
          size="sm"
          label={w.board.menu(name)}
          icon={<Ellipsis size={15} />}
          excludeFromTabOrder={tab === -1}
          className="relative z-1 -my-1 -me-1 pointer-coarse:size-11"
        />
      }
      items={[
        {
          id: 'deeds',
          entries: [
            { id: 'open', label: w.board.open(name), onAction: onOpen },
            ...(onReward
              ? [
                  {
                    id: 'reward',
                    label: w.reward.give,
                    icon: <Gift size={15} />,
                    hotkey: 'board.reward' as const,
                    onAction: onReward,
                  },
                ]
              : []),
          ],
        },
        ...(onMove
          ? [
              {
                id: 'stages',
                title: w.board.moveTo,
                entries: advocateStages.map((stage) => ({
                  id: stage,
                  label: w.stage[stage],
                  icon: <ArrowLeftRight size={15} />,
                  checked: stage === advocate.stage,
                  disabled: stage === advocate.stage,
                  onAction: () => onMove({ stage, before: null }),
                })),
              },
            ]
          : []),
        ...(onStep
          ? [
              {
                id: 'steps',
                entries: [
                  {
                    id: 'up',
                    label: w.board.moveUp,
                    icon: <ArrowUp size={15} />,
                    hotkey: 'board.up' as const,
                    onAction: () => onStep(-1),
                  },
                  {
                    id: 'down',
                    label: w.board.moveDown,
                    icon: <ArrowDown size={15} />,
                    hotkey: 'board.down' as const,
                    onAction: () => onStep(1),
                  },
                ],
              },
            ]
          : []),
      ]}
    />
  );
}
