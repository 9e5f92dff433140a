import type { Connector, ConnectorContext, HookAddress } from '../connector.ts';
import { call } from './client.ts';
import { download } from './download.ts';
import { accountRef, botName, type Face, webhookSecret } from './face.ts';
import { inbound, split, verify } from './inbound.ts';
import { listen } from './listen.ts';
import { pieces, send } from './outbound.ts';

/** A connector for the bots of one messenger. */
export function botConnector(face: Face): Connector {
  return {
    manifest: face.manifest,
    accountRef,
    verify: (raw, settings) => verify(face, raw, settings),
    split: (raw, settings) => split(face, raw, settings),
    inbound: (event, settings) => inbound(face, event, settings),
    pieces: (message) => pieces(face, message),
    send: (request, context) => send(face, request, context),
    threadFor: (to) => to.value,
    listen: (host, context) => listen(face, host, context),
    connect: (hook, context) => connect(face, hook, context),
    check: (context) => check(face, context),
    download: (ref, context) => download(face, ref, context),
  };
}

/** One connection keeps the order. Without an address the webhook is taken away, for polling needs it gone; nothing waiting is dropped. */
async function connect(face: Face, hook: HookAddress, context: ConnectorContext): Promise<void> {
  const options = { effect: false, signal: AbortSignal.timeout(20_000) };
  const inHeader = face.secretIn === 'header';
  const keep = inHeader ? { drop_pending_updates: false } : {};
  if (!hook.url) {
    await call<true>(face, context, { method: 'deleteWebhook', payload: keep, ...options });
    return;
  }
  const secret = webhookSecret(context.settings);
  const payload = {
    url: inHeader ? hook.url : `${hook.url}/${secret}`,
    ...(inHeader ? { secret_token: secret, max_connections: 1, ...keep } : {}),
    ...(face.updates ? { allowed_updates: face.updates } : {}),
  };
  await call<true>(face, context, { method: 'setWebhook', payload, ...options });
}

async function check(face: Face, context: ConnectorContext): Promise<{ accountName: string }> {
  botName(context.settings);
  const me = await call<{ username?: string; first_name?: string }>(face, context, {
    method: 'getMe',
    payload: {},
    effect: false,
    signal: AbortSignal.timeout(20_000),
  });
  return { accountName: me.username ? `@${me.username}` : (me.first_name ?? accountRef(context.settings)) };
}
