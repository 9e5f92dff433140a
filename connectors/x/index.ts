import { type Connector, type ConnectorContext, ConnectorError } from '../connector.ts';
import { call } from './client.ts';
import { complete } from './complete.ts';
import { accountRef, handleOf, manifest, threadFor, tokensOf } from './config.ts';
import { download } from './download.ts';
import { connect } from './hook.ts';
import { handshake, inbound, verify } from './inbound.ts';
import { object, text } from './json.ts';
import { listen } from './listen.ts';
import { pieces, send } from './outbound.ts';
import { split } from './split.ts';

export const x: Connector = {
  manifest,
  accountRef,
  verify,
  handshake,
  split,
  inbound,
  complete,
  pieces,
  send,
  threadFor,
  listen,
  connect,
  check,
  download,
};

/** Whose keys these are: another account's would read and answer in its name. */
async function check(context: ConnectorContext): Promise<{ accountName: string }> {
  const account = accountRef(context.settings);
  const handle = handleOf(context.settings);
  tokensOf(context.settings);
  const { data } = await call(context, (v2) => v2.get('users/me', {}, { fullResponse: true }), {
    effect: false,
    signal: AbortSignal.timeout(20_000),
  });
  const me = object(data.data);
  const username = text(me?.username);
  if (text(me?.id) !== account) {
    throw mismatch(
      'userId',
      `The keys are of the account with the id ${text(me?.id) ?? 'unknown'}, not ${account}.`,
    );
  }
  if (username?.toLowerCase() !== handle.toLowerCase())
    throw mismatch('handle', `The keys are of @${username ?? 'unknown'}, not of @${handle}.`);
  return { accountName: `@${username}` };
}

function mismatch(field: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'otherAccount', field, message });
}
