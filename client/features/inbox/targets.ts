import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Manifest } from '../../../shared/connector.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Customer, Identity } from '../../../shared/customer.ts';
import type { Message, Target } from '../../../shared/message.ts';
import { useStore, useTimeline, useWorkspace } from '../../state/hooks.tsx';
import { type ChannelLook, useChannelLook } from '../directory.ts';

/** A way to reach the customer: one identity over one channel. */
export interface Route {
  key: string;
  target: Target;
  identity: Identity | null;
  look: ChannelLook;
  /** Why it cannot be used now. */
  barred: 'unreachable' | 'paused' | null;
}

export const routeKey = ({ channelId, identityId }: Pick<Target, 'channelId' | 'identityId'>) =>
  `${channelId} ${identityId}`;

/** Whether a channel could write to an identity that it has not met. */
function canReach(manifest: Manifest | undefined, identity: Identity): boolean {
  return manifest?.capabilities.canStart === 'anyone' && manifest.capabilities.kinds.includes(identity.kind);
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
    const barred = identity?.unreachable
      ? 'unreachable'
      : look.channel?.state === 'connected'
        ? null
        : 'paused';
    routes.set(key, { key, target, identity, look, barred });
  };
  const byId = new Map(customer?.identities.map((identity) => [identity.id, identity]));
  const lookOf = (channelId: string) => looks.find(({ channel }) => channel?.id === channelId);
  const { replyTarget } = header;
  const first = replyTarget && lookOf(replyTarget.channelId);
  if (replyTarget && first) add(bare(replyTarget), byId.get(replyTarget.identityId) ?? null, first);
  for (const identity of customer?.identities ?? []) {
    for (const look of looks) {
      const { channel } = look;
      if (!channel || channel.state === 'archived') continue;
      if (!identity.channelIds.includes(channel.id) && !canReach(look.manifest, identity)) continue;
      const last = messages.findLast(
        (message) => message.channelId === channel.id && message.identityId === identity.id,
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

/** A target without what it quotes. */
export function bare({ channelId, identityId, threadKey }: Target): Target {
  return { channelId, identityId, threadKey };
}

const none: readonly Message[] = [];

/** The ways to a conversation's customer, and the one that is taken: the agent's choice, else the first that is open. */
export function useRoutes(
  header: Conversation,
  choice: Target | null,
): { routes: Route[]; route: Route | undefined } {
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
  return { routes, route: chosen ?? routes.find(({ barred }) => !barred) ?? routes[0] };
}
