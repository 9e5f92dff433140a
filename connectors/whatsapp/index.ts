import type { Connector, ConnectorContext, HookAddress } from '../connector.ts';
import { checkAccount } from '../meta/account.ts';
import { graph } from '../meta/client.ts';
import { appSecret, graphVersion, verifyToken } from '../meta/config.ts';
import { answerChallenge } from '../meta/signature.ts';
import { accountRef, businessId, manifest, waIdOf } from './config.ts';
import { download } from './download.ts';
import { rules } from './errors.ts';
import { inbound } from './inbound.ts';
import { pieces, send } from './outbound.ts';
import { split, verify } from './split.ts';
import { templates } from './templates.ts';

export const whatsapp: Connector = {
  manifest,
  accountRef,
  verify,
  handshake: (raw, settings) => answerChallenge(raw, verifyToken(settings)),
  split,
  inbound,
  pieces,
  send,
  address: (text) => {
    const value = waIdOf(text);
    return value ? { kind: 'whatsappUser', value, display: `+${value}` } : null;
  },
  threadFor: (to) => to.value,
  connect,
  check: async (context) => {
    // What no call of the check would name.
    businessId(context.settings);
    appSecret(context.settings);
    graphVersion(context.settings);
    return checkAccount(context, {
      account: accountRef(context.settings),
      idField: 'phoneNumberId',
      fields: 'id,verified_name,display_phone_number',
    });
  },
  templates,
  download,
};

/** The business account sends its events to the app; where the app has them sent is entered once in its panel. */
async function connect(hook: HookAddress, context: ConnectorContext): Promise<void> {
  if (!hook.url) return;
  await graph(context, {
    method: 'POST',
    path: `/${businessId(context.settings)}/subscribed_apps`,
    signal: AbortSignal.timeout(20_000),
    rules,
  });
}
