import type { Manifest } from '../../../shared/connector.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Customer, Identity } from '../../../shared/customer.ts';
import type { Message, Target } from '../../../shared/message.ts';
import type { ChannelLook } from '../directory.ts';

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
