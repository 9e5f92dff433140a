import type { Connector, ConnectorContext } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { KavenegarClient } from './client.ts';
import { accountRef, manifest } from './config.ts';
import { inbound, split, verify } from './inbound.ts';
import { listen } from './listen.ts';
import { address, lookup, pieces, send } from './outbound.ts';

export const sms: Connector = {
  manifest,
  accountRef,
  verify,
  split,
  inbound,
  pieces,
  send,
  lookup,
  address,
  threadFor: (_to, settings) => accountRef(settings),
  listen,
  check,
};

/** Key good, and the line this account's? Reading what is already read changes nothing. */
async function check(context: ConnectorContext): Promise<{ accountName: string }> {
  const line = accountRef(context.settings);
  const client = new KavenegarClient(context);
  const signal = AbortSignal.timeout(20_000);
  const [info] = await client.accountInfo(signal);
  if (!info) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'badAnswer',
      message: 'Kavenegar accepted the key but said nothing about the account; try again.',
    });
  }
  await client.receive({ linenumber: line, isread: 1 }, signal);
  const credit = Number(info.remaincredit);
  return {
    accountName: Number.isFinite(credit)
      ? `${line} (Kavenegar, credit ${Math.floor(credit)} rials)`
      : `${line} (Kavenegar)`,
  };
}
