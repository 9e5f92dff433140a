import { useCallback } from 'react';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useMe } from '../../state/hooks.tsx';
import { type Deeds, useDeeds } from './deeds.ts';
import { placeFor } from './panes.ts';
import { clearSelected, selectAll, selectTo, toggleSelected } from './selection.ts';
import { type PickerKind, useInboxUi } from './ui.ts';

export interface DeedKeys {
  /** What the keys are about: the chosen rows, or the open conversation. */
  ids: readonly string[];
  deeds: Deeds;
  resolve: () => Promise<void>;
}

/** The keys that do something to the chosen conversations, or to the open one. */
export function useDeedKeys(options: {
  conversationId: string | null;
  /** To the next or the one before; false at the end. */
  step: (by: number) => boolean;
  /** The open one was done with. */
  onDone: () => void;
}): DeedKeys {
  const { conversationId, step, onDone } = options;
  const me = useMe();
  const set = useInboxUi((ui) => ui.set);
  const selected = useInboxUi((ui) => ui.selected);
  const many = selected.size > 0;
  const ids = many ? [...selected] : conversationId ? [conversationId] : [];
  const deeds = useDeeds(ids);
  const some = { enabled: ids.length > 0 };
  const pick = (kind: PickerKind) => set({ picker: { kind, ids } });

  /** Done with: the chosen leave the choice, the open one makes room for the next. */
  const finish = useCallback(
    async (done: Promise<boolean>) => {
      if (!(await done)) return;
      if (many) clearSelected();
      else onDone();
    },
    [many, onDone],
  );
  const resolve = () => finish(deeds.resolve());

  useHotkey('conversation.assign', () => pick('assign'), some);
  useHotkey('conversation.team', () => pick('team'), some);
  useHotkey('conversation.tags', () => pick('tags'), some);
  useHotkey('conversation.priority', () => pick('priority'), some);
  useHotkey('conversation.snooze', () => pick('snooze'), some);
  useHotkey('conversation.assignToMe', () => void deeds.assign(me.id), some);
  useHotkey('conversation.resolve', () => void resolve(), some);
  useHotkey('conversation.spam', () => void finish(deeds.spam()), some);

  const extend = (by: number) => {
    if (!conversationId) return;
    selectTo(conversationId);
    const { rows } = useInboxUi.getState();
    const next = rows[rows.indexOf(conversationId) + by];
    if (next && step(by)) selectTo(next);
  };
  const open = { enabled: conversationId !== null };
  useHotkey('list.select', () => conversationId && toggleSelected(conversationId), open);
  useHotkey('list.selectTo', () => conversationId && selectTo(conversationId), open);
  useHotkey('list.selectNext', () => extend(1), open);
  useHotkey('list.selectPrevious', () => extend(-1), open);
  useHotkey('list.selectAll', selectAll);
  useHotkey('composer.leave', () => {
    const { activeElement } = document;
    if (activeElement?.id === 'composer-text') document.getElementById('timeline')?.focus();
    else if (many && activeElement?.matches('[role="listbox"]')) clearSelected();
    else placeFor('list')?.focus();
  });
  return { ids, deeds, resolve };
}
