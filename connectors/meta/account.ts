import { type ConnectorContext, ConnectorError, type HookAddress } from '../connector.ts';
import { graph } from './client.ts';
import { accessToken, accountId } from './config.ts';
import { integer, moment, object, text } from './json.ts';

const patience = 20_000;

/** Whose account the token opens, and until when (Meta: Graph API, Debugging Access Tokens). `idField`: the setting that names the account. */
export async function checkAccount(
  context: ConnectorContext,
  options: { account: string; idField: string; fields: string },
): Promise<{ accountName: string; expiresAt: Date | null }> {
  const { account, idField, fields } = options;
  const signal = AbortSignal.timeout(patience);
  const expiresAt = await tokenEnds(context, signal);
  try {
    const { body } = await graph(context, { path: `/${account}`, query: { fields }, signal });
    const username = text(body.username);
    return {
      accountName: username ? `@${username}` : (text(body.name) ?? text(body.verified_name) ?? account),
      expiresAt,
    };
  } catch (error) {
    // Neither the token nor its app are wrong, so it is the account.
    if (!(error instanceof ConnectorError) || error.class !== 'permanent' || error.field) throw error;
    throw new ConnectorError({
      class: 'permanent',
      code: error.code,
      field: idField,
      message: `The token does not open this account. ${error.message}`,
    });
  }
}

/** Null: never, or Meta would not say. @throws ConnectorError auth when the token is none, or no more */
async function tokenEnds(context: ConnectorContext, signal: AbortSignal): Promise<Date | null> {
  const { settings } = context;
  const appId = accountId(settings, 'appId', 'The ID of the app');
  const { body } = await graph(context, {
    path: '/debug_token',
    query: { input_token: accessToken(settings) },
    appId,
    signal,
  }).catch((error: unknown) => {
    throw appRefused(error);
  });
  const data = object(body.data);
  if (data?.is_valid === false) {
    const reason = text(object(data.error)?.message) ?? 'it is not valid';
    throw new ConnectorError({
      class: 'auth',
      code: '190',
      field: 'accessToken',
      message: `Meta refuses the access token: ${reason.slice(0, 200)}`,
    });
  }
  const ends = [data?.expires_at, data?.data_access_expires_at]
    .filter((seconds) => (integer(seconds) ?? 0) > 0)
    .flatMap((seconds) => moment(seconds)?.getTime() ?? []);
  return ends.length > 0 ? new Date(Math.min(...ends)) : null;
}

/** The app's own token is made of its id and secret. */
function appRefused(error: unknown): unknown {
  if (!(error instanceof ConnectorError) || (error.class !== 'auth' && error.class !== 'permanent'))
    return error;
  return new ConnectorError({
    class: 'auth',
    code: error.code,
    field: 'appSecret',
    message: `Meta refuses the app’s ID with this secret. ${error.message}`,
  });
}

/**
 * The page sends its events to the app. Where the app has them sent is entered once in its panel; nothing is taken away again, for other
 * channels of the same page live from the same subscription.
 */
export async function subscribePage(
  hook: HookAddress,
  context: ConnectorContext,
  options: { page: string; fields: readonly string[] },
): Promise<void> {
  if (!hook.url) return;
  await graph(context, {
    method: 'POST',
    path: `/${options.page}/subscribed_apps`,
    query: { subscribed_fields: options.fields.join(',') },
    signal: AbortSignal.timeout(patience),
  });
}
