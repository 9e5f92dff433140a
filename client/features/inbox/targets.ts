import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isNameOnly, type Manifest } from '../../../shared/connector.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Customer, Identity } from '../../../shared/customer.ts';
import type { Message, Target } from '../../../shared/message.ts';
import { useStore, useTimeline, useWorkspace } from '../../state/hooks.tsx';
import { type ChannelLook, useChannelLook } from '../directory.ts';

/** To the customer alone, or before all. */
export type Visibility = 'private' | 'public';

/** What stands between us and a private word: nothing arrives there, or only the customer's name is known. */
export type NoPrivate = 'unreachable' | 'nameOnly';

/** A way to reach the customer: one identity over one channel. */
export interface Route {
  key: string;
  /** In private. */
  target: Target;
  identity: Identity | null;
  look: ChannelLook;
  /** Why it cannot be used now. */
  barred: NoPrivate | 'paused' | null;
  /** Why they cannot be written to alone here; null: they can, or the channel carries nothing private. */
  noPrivate: NoPrivate | null;
  /** What can be said here, as the customer wrote last first; none on a route that leads nowhere. */
  ways: readonly Visibility[];
  /** How the customer wrote last, whether or not it can be answered so. */
  usual: Visibility;
  /** What they said last in public, to which a public answer goes. */
  said: Message | null;
  /** Where they wrote last, if that was in public: known before the message itself is loaded. */
  openTarget: Target | null;
}

export const routeKey = ({ channelId, identityId }: Pick<Target, 'channelId' | 'identityId'>) =>
  `${channelId} ${identityId}`;

/** Whether a channel could write to an identity that it has not met. */
function canReach(manifest: Manifest | undefined, identity: Identity): boolean {
  return manifest?.capabilities.canStart === 'anyone' && manifest.capabilities.kinds.includes(identity.kind);
}

function noPrivateTo(identity: Identity | null, manifest: Manifest | undefined): NoPrivate | null {
  if (identity && manifest && isNameOnly(manifest.capabilities, identity)) return 'nameOnly';
  return identity?.unreachable ? 'unreachable' : null;
}

/** Every route to a customer; the one of the last inbound message first. */
export function routesTo(options: {
  header: Conversation;
  customer: Customer | undefined;
  messages: readonly Message[];
  looks: readonly ChannelLook[];
}): Route[] {
  const { header, customer, messages, looks } = options;
  const routes = new Map<string, Route>();
  const add = (target: Target, identity: Identity | null, look: ChannelLook) => {
    const key = routeKey(target);
    if (routes.has(key)) return;
    const can = look.manifest?.capabilities.visibility ?? ['private'];
    // A telephone is spoken into, never written to.
    if (can.length === 0) return;
    const noPrivate = can.includes('private') ? noPrivateTo(identity, look.manifest) : null;
    const here = messages.filter(
      (message) => message.kind === 'message' && routeKey(withIds(message)) === key,
    );
    const said =
      here.findLast(
        ({ direction, visibility, conversationId }) =>
          direction === 'in' && visibility === 'public' && conversationId === header.id,
      ) ?? null;
    const openTarget = target.visibility === 'public' ? target : null;
    const order: Visibility[] = openTarget ? ['public', 'private'] : ['private', 'public'];
    const ways = order.filter(
      (way) => can.includes(way) && (way === 'private' ? !noPrivate : said !== null || openTarget !== null),
    );
    if (ways.length === 0 && !noPrivate) return;
    const neverPrivate = noPrivate === 'nameOnly' || !can.includes('private');
    const last = here.findLast(({ visibility }) => visibility === 'private');
    routes.set(key, {
      key,
      target: openTarget ? { ...bare(target, 'private'), threadKey: last?.threadKey ?? '' } : target,
      identity,
      look,
      barred: ways.length === 0 ? noPrivate : look.channel?.state === 'connected' ? null : 'paused',
      noPrivate,
      ways,
      usual: openTarget || neverPrivate ? 'public' : 'private',
      said,
      openTarget,
    });
  };
  const byId = new Map(customer?.identities.map((identity) => [identity.id, identity]));
  const lookOf = (channelId: string) => looks.find(({ channel }) => channel?.id === channelId);
  const { replyTarget } = header;
  const first = replyTarget && lookOf(replyTarget.channelId);
  if (replyTarget && first) {
    const { visibility, inReplyTo } = replyTarget;
    add(
      { ...bare(replyTarget, visibility), ...(visibility === 'public' && inReplyTo && { inReplyTo }) },
      byId.get(replyTarget.identityId) ?? null,
      first,
    );
  }
  for (const identity of customer?.identities ?? []) {
    for (const look of looks) {
      const { channel } = look;
      if (!channel || channel.state === 'archived') continue;
      if (!identity.channelIds.includes(channel.id) && !canReach(look.manifest, identity)) continue;
      const last = messages.findLast(
        (message) =>
          message.channelId === channel.id &&
          message.identityId === identity.id &&
          message.visibility === 'private',
      );
      add(
        { channelId: channel.id, identityId: identity.id, threadKey: last?.threadKey ?? '' },
        identity,
        look,
      );
    }
  }
  return [...routes.values()];
}

const withIds = ({ channelId, identityId }: Message) => ({
  channelId: channelId ?? '',
  identityId: identityId ?? '',
});

/** A target without what it quotes. */
export function bare({ channelId, identityId, threadKey }: Target, visibility?: Visibility): Target {
  return { channelId, identityId, threadKey, ...(visibility === 'public' && { visibility }) };
}

/**
 * Exactly where a reply goes. In public it answers what is quoted, else what the customer said last there; in private it quotes,
 * and what it quotes of the public is what it was handed over from.
 */
export function targetOf(route: Route, visibility: Visibility, quoted: Message | undefined): Target {
  if (visibility === 'private') {
    const handed = quoted?.visibility === 'public';
    const able = !handed || route.look.manifest?.capabilities.handOver === true;
    return { ...bare(route.target), ...(quoted && able && { inReplyTo: quoted.id }) };
  }
  const answered = quoted?.visibility === 'public' ? quoted : route.said;
  const threadKey = answered?.threadKey ?? route.openTarget?.threadKey ?? '';
  const inReplyTo = answered?.id ?? route.openTarget?.inReplyTo;
  return { ...bare({ ...route.target, threadKey }, 'public'), ...(inReplyTo && { inReplyTo }) };
}

/**
 * How a reply goes: as the agent chose, else as the customer wrote. What is meant for one alone never goes before all by itself: where
 * private is not possible any more it stays private, and nothing leaves.
 */
export function wayOf(route: Route | undefined, choice: Target | null): Visibility {
  if (!route) return 'private';
  const meant = choice && routeKey(choice) === route.key ? (choice.visibility ?? 'private') : route.usual;
  return route.ways.includes('public') ? meant : 'private';
}

/** The route that is taken without a choice: the first that can carry an answer as it was asked, else in any way. */
export const firstOpen = (routes: readonly Route[]): Route | undefined =>
  routes.find(({ barred, ways, usual }) => !barred && ways.includes(usual)) ??
  routes.find(({ barred }) => !barred) ??
  routes[0];

const none: readonly Message[] = [];

/** The ways to a conversation's customer, and the one that is taken: the agent's choice, else the first that is open. */
export function useRoutes(
  header: Conversation,
  choice: Target | null,
): { routes: Route[]; route: Route | undefined; visibility: Visibility } {
  const { calls } = useWorkspace();
  const { data: customer } = useQuery({
    queryKey: ['customer', header.customerId],
    queryFn: () => calls.customer(header.customerId),
  });
  const channels = useStore((state) => state.channels);
  const look = useChannelLook();
  const messages = useTimeline(header.customerId)?.messages ?? none;
  const routes = useMemo(
    () => routesTo({ header, customer, messages, looks: [...channels.keys()].map(look) }),
    [header, customer, messages, channels, look],
  );
  const chosen = choice ? routes.find(({ key }) => key === routeKey(choice)) : undefined;
  const route = chosen ?? firstOpen(routes);
  return { routes, route, visibility: wayOf(route, choice) };
}
