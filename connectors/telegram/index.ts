import type { Connector, ConnectorContext, HookAddress } from '../connector.ts';
import { call } from './client.ts';
import { accountRef, allowedUpdates, manifest, webhookSecret } from './config.ts';
import { download } from './download.ts';
import { inbound, split, verify } from './inbound.ts';
import { listen } from './listen.ts';
import { pieces, send } from './outbound.ts';

export const telegram: Connector = {
  manifest,
  accountRef,
  verify,
  split,
  inbound,
  pieces,
  send,
  threadFor: (to) => to.value,
  listen,
  connect,
  check,
  download,
};

/** One connection keeps the order. Without an address the webhook is taken away, for polling needs it gone; nothing waiting is dropped. */
async function connect(hook: HookAddress, context: ConnectorContext): Promise<void> {
  const options = { effect: false, signal: AbortSignal.timeout(20_000) };
  if (!hook.url) {
    await call<true>(context, 'deleteWebhook', { drop_pending_updates: false }, options);
    return;
  }
  await call<true>(
    context,
    'setWebhook',
    {
      url: hook.url,
      secret_token: webhookSecret(context.settings),
      max_connections: 1,
      allowed_updates: allowedUpdates,
      drop_pending_updates: false,
    },
    options,
  );
}

async function check(context: ConnectorContext): Promise<{ accountName: string }> {
  const me = await call<{ username?: string; first_name?: string }>(
    context,
    'getMe',
    {},
    { effect: false, signal: AbortSignal.timeout(20_000) },
  );
  return { accountName: me.username ? `@${me.username}` : (me.first_name ?? accountRef(context.settings)) };
}
