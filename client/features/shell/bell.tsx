import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useStore, useWorkspace } from '../../state/hooks.tsx';

/** How many conversations of one's own are open, and where one was named: in the title and on the icon of the program. */
export function Bell() {
  const t = useT();
  const fmt = useFmt();
  const workspace = useWorkspace();
  const [location, navigate] = useLocation();
  const count = useStore((state) => (state.counts?.mine ?? 0) + (state.counts?.mentions ?? 0));

  useEffect(() => {
    workspace.titleOf = ({ event, customerName, channel, rise }) =>
      channel
        ? t.notices.channel[channel.ill](plainName(customerName), channel.days ?? 0)
        : rise === 'negative'
          ? t.notices.complaints(plainName(customerName))
          : t.notices.title[event](plainName(customerName));
    return () => {
      workspace.titleOf = null;
    };
  }, [workspace, t]);

  useEffect(() => {
    workspace.goToPage = (path) => navigate(path);
  }, [workspace, navigate]);
  const inInbox = location.startsWith('/inbox');
  useEffect(() => {
    // Outside the inbox somebody may press a notice too.
    if (!inInbox) workspace.goTo = (id) => navigate(`/inbox/all/${id}`);
  }, [workspace, inInbox, navigate]);

  // Other pages give the window a title of their own.
  useEffect(() => {
    const title = `${t.inbox.title} · ${t.app.name}`;
    if (inInbox) document.title = count > 0 ? `(${fmt.capped(count)}) ${title}` : title;
  }, [inInbox, count, fmt, t]);
  useEffect(() => {
    if (!('setAppBadge' in navigator)) return;
    const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
    done.catch(() => undefined);
  }, [count]);
  return null;
}
