import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useLocation } from 'wouter';
import { Avatar } from '../../components/avatar.tsx';
import { Finder, type FinderItem } from '../../components/finder.tsx';
import { MessageSquareText } from '../../components/icons.ts';
import type { CommandId } from '../../i18n/fa.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { commands } from '../../lib/commands.ts';
import { useKeyboard } from '../../lib/hotkeys.react.tsx';
import { useStore, useWorkspace } from '../../state/hooks.tsx';
import { useCanned } from '../directory.ts';
import { scopePath, useViewList } from '../inbox/scope.ts';
import { useInboxUi } from '../inbox/ui.ts';
import { ViewIcon } from '../inbox/views.tsx';

/** What the palette does not repeat: it is open, or it lists the very views that those keys stand for. */
const left = /^(general\.palette$|view\.|composer\.leave$)/;

/** What is done to the open conversation comes first, going about last. */
const order = ['conversation', 'message', 'composer', 'general', 'list', 'panes', 'go'];
const placeOf = (id: CommandId) => order.indexOf(id.split('.', 1)[0] ?? '');

/** Everything that can be done from here, by its name; the keys that would have done it stand beside it. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useT();
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const hotkeys = useKeyboard()?.hotkeys;
  const [, navigate] = useLocation();
  const views = useViewList();
  const counts = useStore((state) => state.counts);
  const canned = useCanned();
  const set = useInboxUi((ui) => ui.set);
  // What can be done is what could be done before the palette lay over the page.
  const [ready] = useState<readonly CommandId[]>(() => hotkeys?.ready() ?? []);
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed);
  const { data: found } = useQuery({
    queryKey: ['find', q],
    queryFn: ({ signal }) => calls.findCustomers(q, 6, signal),
    enabled: q.length > 1,
    placeholderData: (before) => before,
  });
  const writing = document.getElementById('composer-text') !== null;
  const items: FinderItem[] = [
    ...[...ready]
      // What is of one message needs the keyboard on it, which is here now.
      .filter((id) => !left.test(id) && !commands[id].ofMessage)
      .sort((a, b) => placeOf(a) - placeOf(b))
      .map((id) => ({
        id,
        group: id.startsWith('go.') ? t.palette.pages : t.palette.deeds,
        label: t.commands[id],
        hotkey: id,
        run: () => hotkeys?.perform(id),
      })),
    ...views.map((entry, nth) => {
      const key = `view.${nth + 1}`;
      const count = counts?.[entry.view] ?? 0;
      return {
        id: entry.view,
        group: t.palette.views,
        label: plainName(entry.name),
        icon: <ViewIcon entry={entry} />,
        ...(count > 0 && { description: t.views.count(count) }),
        ...(nth < 9 && { hotkey: key as CommandId }),
        run: () => navigate(scopePath({ view: entry.view, channelId: null, filter: null })),
      };
    }),
    ...(writing
      ? canned.map(({ id, title, shortcut, text, folder }) => ({
          id: `canned ${id}`,
          group: t.palette.canned,
          label: title,
          words: [shortcut, folder.join(' '), text],
          description: text,
          icon: <MessageSquareText size={16} />,
          run: () => set({ insert: id }),
        }))
      : []),
  ];
  const customers: FinderItem[] = (q.length > 1 ? (found?.customers ?? []) : []).map(
    ({ id, name, identities, conversationId }) => ({
      id: `customer ${id}`,
      group: t.palette.customers,
      label: plainName(name),
      description: fmt.list(identities.slice(0, 2).map(({ display }) => plainName(display))),
      icon: <Avatar name={name} seed={id} size="xs" />,
      // Nobody has written yet: what is known of them is on their page.
      run: () => navigate(conversationId ? `/inbox/all/${conversationId}` : `/customers/${id}`),
    }),
  );
  return (
    <Finder
      title={t.palette.title}
      placeholder={t.palette.placeholder}
      items={items}
      onClose={onClose}
      onType={setTyped}
      more={customers}
    />
  );
}
