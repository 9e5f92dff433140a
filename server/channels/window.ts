import { canUseChannel, type Viewer } from '../../shared/access.ts';
import type { Capabilities } from '../../shared/connector.ts';
import { AppError } from '../../shared/errors.ts';
import type { MessageWindow } from '../../shared/post.ts';
import type { Context } from '../context.ts';
import { readableConversation } from '../conversations/conversation.visible.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { reached } from '../customers/identity.ts';
import type { ChannelDoc } from './channel.model.ts';
import { connectorOf } from './runtime.ts';

const hourMs = 3_600_000;

/** Until when something may be said to somebody on a channel. */
export interface Window {
  /** When they last wrote to us alone there. */
  openedAt: Date | null;
  closesAt: Date | null;
  /** A person may still answer until then. */
  taggedUntil: Date | null;
}

/** @returns null on a channel without windows: anything may be said at any time */
export function windowOf(
  capabilities: Pick<Capabilities, 'window'>,
  to: { identity: Pick<IdentityDoc, 'heard'>; channelId: string },
): Window | null {
  const { window } = capabilities;
  if (!window) return null;
  const heard = to.identity.heard?.[to.channelId];
  const openedAt = heard ? new Date(heard) : null;
  const after = (hours: number | null) =>
    openedAt && hours !== null ? new Date(openedAt.getTime() + hours * hourMs) : null;
  return { openedAt, closesAt: after(window.hours), taggedUntil: after(window.taggedHours) };
}

export function isOpen(window: Window | null, now: Date): boolean {
  return !window || (window.closesAt !== null && now < window.closesAt);
}

/** It is closed, and the provider's tag for a person's late answer holds. */
export function isTagged(window: Window | null, now: Date): boolean {
  return window !== null && !isOpen(window, now) && window.taggedUntil !== null && now < window.taggedUntil;
}

/**
 * Free text leaves only within the window. Refused before it is queued: the provider would refuse it after.
 * @throws AppError 409 windowClosed, with until when it was open and whether a template can be sent instead
 */
export function mustBeWithin(
  capabilities: Pick<Capabilities, 'window' | 'templates'>,
  to: { identity: Pick<IdentityDoc, 'heard' | 'display'>; channel: ChannelDoc; now: Date },
): void {
  const { identity, channel, now } = to;
  const window = windowOf(capabilities, { identity, channelId: channel._id });
  if (isOpen(window, now) || isTagged(window, now)) return;
  const until = window?.taggedUntil ?? window?.closesAt ?? null;
  const why = until
    ? `Free text could be sent to ${identity.display} on “${channel.name}” until ${until.toISOString()}.`
    : `${identity.display} has not written to “${channel.name}” in private: free text cannot be sent first.`;
  const way = capabilities.templates
    ? ' Send a template, or wait until they write.'
    : ' Wait until they write.';
  throw new AppError({
    code: 'conflict',
    reason: 'windowClosed',
    message: `${why}${way}`,
    data: { closedAt: until?.toISOString() ?? null, templates: capabilities.templates },
  });
}

/** The windows of a conversation's customer, on the channels that have any and are the viewer's. */
export async function conversationWindows(
  ctx: Context,
  viewer: Viewer,
  conversationId: string,
): Promise<MessageWindow[]> {
  const conversation = await readableConversation(ctx, viewer, conversationId);
  const [channels, identities] = await Promise.all([
    ctx.models.channels
      .find({ state: { $ne: 'archived' } })
      .lean<ChannelDoc[]>()
      .exec(),
    ctx.models.identities.find({ customerId: conversation.customerId }).lean<IdentityDoc[]>().exec(),
  ]);
  return channels
    .filter(
      (channel) => canUseChannel(viewer, channel._id) && Object.hasOwn(ctx.connectors, channel.connector),
    )
    .flatMap((channel) => {
      const { capabilities } = connectorOf(ctx, channel).manifest;
      return identities.flatMap((identity): MessageWindow[] => {
        const known = capabilities.canStart === 'anyone' || identity.channelIds.includes(channel._id);
        if (!known || !capabilities.kinds.includes(reached(identity).kind)) return [];
        const window = windowOf(capabilities, { identity, channelId: channel._id });
        if (!window) return [];
        return [
          {
            channelId: channel._id,
            identityId: identity._id,
            openedAt: window.openedAt?.toISOString() ?? null,
            closesAt: window.closesAt?.toISOString() ?? null,
            taggedUntil: window.taggedUntil?.toISOString() ?? null,
            templates: capabilities.templates,
          },
        ];
      });
    });
}
