import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { MessageWindow } from '../../../shared/post.ts';
import { announce } from '../../components/live-region.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import type { Route } from './targets.ts';

/** In which time one may answer; null where no such time is set. */
export type WindowState =
  /** `left` in ms, until something else holds. */
  | { kind: 'open' | 'tagged'; until: string; left: number; templates: boolean }
  | { kind: 'closed'; never: boolean; templates: boolean };

/** What holds of a window at a moment, in ms since 1970. */
export function windowAt(window: MessageWindow, now: number): WindowState {
  const { openedAt, closesAt, taggedUntil, templates } = window;
  for (const [kind, until] of [
    ['open', closesAt],
    ['tagged', taggedUntil],
  ] as const)
    if (until !== null && Date.parse(until) > now)
      return { kind, until, left: Date.parse(until) - now, templates };
  return { kind: 'closed', never: openedAt === null, templates };
}

/** From this on the seconds are counted, in ms. */
const soon = 60 * 60_000;

const none: readonly MessageWindow[] = [];

/** The time in which the customer can be answered freely on this route, as it runs. */
export function useWindowState(
  header: Conversation,
  route: Route | undefined,
  limited: boolean,
): WindowState | null {
  const { calls } = useWorkspace();
  const w = useSocialWords().window;
  const { data = none } = useQuery({
    // What they write opens it anew.
    queryKey: ['windows', header.id, header.lastInboundSeq],
    queryFn: () => calls.windows(header.id),
    enabled: limited,
    placeholderData: (before) => before,
  });
  const window =
    route && limited
      ? data.find(
          ({ channelId, identityId }) =>
            channelId === route.target.channelId && identityId === route.target.identityId,
        )
      : undefined;
  const minutes = useNow('minute');
  const first = window ? windowAt(window, minutes) : null;
  const close = first !== null && first.kind !== 'closed' && first.left < soon;
  const now = useNow(close ? 'second' : 'minute');
  const state = window ? windowAt(window, now) : null;
  const kind = state?.kind;
  const before = useRef<{ key: string | undefined; kind: typeof kind }>({ key: undefined, kind: undefined });
  useEffect(() => {
    const was = before.current;
    if (was.key === route?.key && was.kind === 'open' && kind !== undefined && kind !== 'open')
      announce(w.passed);
    before.current = { key: route?.key, kind };
  }, [kind, route?.key, w.passed]);
  return state;
}
