import { type ConnectorContext, ConnectorError, type HookAddress } from '../connector.ts';
import { call } from './client.ts';
import { accountRef } from './config.ts';
import { type Json, list, object, text } from './json.ts';

/**
 * Registers the hook at X and subscribes the account to it (docs.x.com/x-api/webhooks, …/account-activity). Needs the bearer token; without
 * it, and where the app's access level does not include webhooks, everything is asked for instead, so a refusal is no failure.
 */
export async function connect(hook: HookAddress, context: ConnectorContext): Promise<void> {
  if (!hook.url || !String(context.settings.bearerToken ?? '').trim()) return;
  if (new URL(hook.url).port) {
    context.log.warn('X calls no address with a port: messages are asked for instead.', {});
    return;
  }
  try {
    await register(hook.url, context);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.class === 'retryable' || error.class === 'rateLimited')
      throw error;
    context.log.warn('X did not take the hook: messages are asked for instead.', { reason: error.message });
  }
}

async function register(url: string, context: ConnectorContext): Promise<void> {
  const options = { effect: false, signal: AbortSignal.timeout(20_000) };
  const asApp = { ...options, as: 'app' as const };
  const known = await call(context, (v2) => v2.get('webhooks', {}, { fullResponse: true }), asApp);
  const found = list(known.data.data).find((hook) => hook.url === url);
  const id = found ? idOf(found) : await create(url, context);
  if (found && found.valid !== true) {
    // X asks once more whether we hold the secret, and marks the hook as valid.
    await call(context, (v2) => v2.put('webhooks/:id', {}, { params: { id }, fullResponse: true }), asApp);
  }
  await subscribe(id, context);
}

async function create(url: string, context: ConnectorContext): Promise<string> {
  const options = { effect: false, signal: AbortSignal.timeout(20_000), as: 'app' as const };
  const { data } = await call(context, (v2) => v2.post('webhooks', { url }, { fullResponse: true }), options);
  return idOf(object(data.data) ?? data);
}

/** In the account's own name; 409 and "already subscribed" say that it is. */
async function subscribe(webhook: string, context: ConnectorContext): Promise<void> {
  const options = { effect: false, signal: AbortSignal.timeout(20_000) };
  const path = 'account_activity/webhooks/:id/subscriptions/all';
  try {
    await call(context, (v2) => v2.post(path, {}, { params: { id: webhook }, fullResponse: true }), options);
  } catch (error) {
    const already =
      error instanceof ConnectorError &&
      /409|already|DuplicateSubscription/i.test(`${error.code} ${error.message}`);
    if (!already) throw error;
  }
  context.log.info('X tells this server what happens.', { account: accountRef(context.settings) });
}

function idOf(hook: Json): string {
  const id = text(hook.id);
  if (id && /^\d{1,20}$/.test(id)) return id;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badAnswer',
    message: 'X named no number for the hook.',
  });
}
