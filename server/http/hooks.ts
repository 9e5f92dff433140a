import express, { type Request, type RequestHandler, Router } from 'express';
import { ConnectorError, type RawEvent, type RawRequest } from '../../connectors/connector.ts';
import { AppError } from '../../shared/errors.ts';
import { channelsOfHook } from '../channels/channel.find.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { noteError } from '../channels/channel.state.ts';
import { channelSettings, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import type { Throttle } from '../users/throttle.ts';

const maxBody = '1mb';

export interface HookDeps {
  ctx: Context;
  throttle: Throttle;
  /** Tells a channel's listener, wherever it runs, that there is something to fetch. */
  wake(channelId: string): void;
}

/**
 * /hooks/:hookId and below: the providers' door. Nothing is answered 2xx before every event of the request is durable; what they mean
 * is found out later. The path is a secret and is never logged.
 */
export function hookRoutes(deps: HookDeps): Router {
  const router = Router();
  const body = express.raw({ type: () => true, limit: maxBody, inflate: true });
  router.all(['/:hookId', '/:hookId/*rest'], body, receive(deps));
  return router;
}

function receive({ ctx, throttle, wake }: HookDeps): RequestHandler {
  return async (request, response) => {
    const hookId = String(request.params['hookId']);
    await throttle.attempt(hookId);
    const channels = await channelsOfHook(ctx, hookId);
    const [first] = channels;
    if (!first) throw new AppError({ code: 'notFound', message: 'There is no such hook.' });
    const raw = rawRequest(request);
    const connector = connectorOf(ctx, first);
    const settings = new Map(channels.map((channel) => [channel, channelSettings(ctx, channel)]));

    for (const one of settings.values()) {
      const answer = connector.handshake?.(raw, one);
      if (!answer) continue;
      response.status(answer.status).type(answer.type).send(answer.body);
      return;
    }

    // Channels of one app share its hook: the request is genuine when it is for one of them.
    const [proven, opened] = [...settings].find(([, one]) => connector.verify(raw, one)) ?? [];
    if (!proven || !opened) {
      ctx.log.warn({ channelId: first._id }, 'a request to a hook was not signed by its provider');
      throw new AppError({ code: 'forbidden', message: 'The signature is wrong.' });
    }
    await throttle.forget(hookId);

    let split: ReturnType<typeof connector.split>;
    try {
      split = connector.split(raw, opened);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      noteError(ctx, { channelId: proven._id, class: error.class, code: error.code, message: error.message });
      response.status(400).json({ code: 'invalid', message: error.message });
      return;
    }
    for (const { channel, events } of byChannel(split.events, channels))
      await storeEvents(ctx, { hookId, channel, connectorId: first.connector, events });
    if (split.wake) for (const channel of channels) if (channel.state === 'connected') wake(channel._id);
    response.status(200).type('text/plain').send('ok');
  };
}

/** An account that no channel is of: its events are kept and shown all the same. */
function byChannel(
  events: RawEvent[],
  channels: ChannelDoc[],
): { channel: ChannelDoc | null; events: RawEvent[] }[] {
  const groups = new Map<ChannelDoc | null, RawEvent[]>();
  for (const event of events) {
    const channel = channels.find((one) => one.accountRef === event.accountRef) ?? null;
    const group = groups.get(channel);
    if (group) group.push(event);
    else groups.set(channel, [event]);
  }
  return [...groups].map(([channel, own]) => ({ channel, events: own }));
}

function rawRequest(request: Request): RawRequest {
  const rest = request.params['rest'];
  return {
    source: 'hook',
    method: request.method,
    path: `/${Array.isArray(rest) ? rest.join('/') : (rest ?? '')}`,
    query: Object.fromEntries(new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'))),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
  };
}
