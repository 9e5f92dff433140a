import { ConnectorError } from '../../connectors/connector.ts';
import { canUseChannel, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { MessageTemplate } from '../../shared/post.ts';
import type { Context } from '../context.ts';
import { mayNot } from '../users/user.create.ts';
import type { ChannelDoc } from './channel.model.ts';
import { findChannel } from './channel.service.ts';
import { noteError } from './channel.state.ts';
import { connectorContext, connectorOf } from './runtime.ts';

/** What a provider has approved changes by the day; so long each server remembers it. */
const freshMs = 5 * 60_000;

interface Remembered {
  at: number;
  templates: Promise<MessageTemplate[]>;
}

const remembered = new WeakMap<Context, Map<string, Remembered>>();

/**
 * The templates that may be sent on a channel.
 * @throws AppError notFound; 422 on a channel without templates; unavailable when the provider does not say
 */
export async function channelTemplates(
  ctx: Context,
  viewer: Viewer,
  channelId: string,
): Promise<MessageTemplate[]> {
  if (!may(viewer, 'conversation.write')) throw mayNot('send templates');
  if (!canUseChannel(viewer, channelId))
    throw new AppError({ code: 'notFound', message: 'There is no such channel.' });
  return templatesOf(ctx, await findChannel(ctx, channelId));
}

/** The same, for a channel that is known. */
export async function templatesOf(ctx: Context, channel: ChannelDoc): Promise<MessageTemplate[]> {
  const connector = connectorOf(ctx, channel);
  if (!connector.manifest.capabilities.templates || !connector.templates)
    throw new AppError({ code: 'invalid', message: `The channel “${channel.name}” has no templates.` });
  const channels = remembered.get(ctx) ?? new Map<string, Remembered>();
  remembered.set(ctx, channels);
  const known = channels.get(channel._id);
  if (known && ctx.now().getTime() - known.at < freshMs) return known.templates;
  const templates = connector.templates(connectorContext(ctx, channel)).catch((error: unknown) => {
    // Asked again by the next one.
    if (channels.get(channel._id)?.templates === templates) channels.delete(channel._id);
    throw unavailable(ctx, channel, error);
  });
  channels.set(channel._id, { at: ctx.now().getTime(), templates });
  return templates;
}

function unavailable(ctx: Context, channel: ChannelDoc, error: unknown): unknown {
  if (!(error instanceof ConnectorError)) return error;
  noteError(ctx, { channelId: channel._id, class: error.class, code: error.code, message: error.message });
  return new AppError({
    code: 'unavailable',
    message: `The templates of “${channel.name}” could not be read: ${error.message}`,
  });
}
