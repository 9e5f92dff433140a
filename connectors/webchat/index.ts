import { type Connector, type ConnectorContext, ConnectorError } from '../connector.ts';
import { accountRef, manifest, site } from './config.ts';
import { inbound, split, thread, verify } from './inbound.ts';
import { lookup, pieces, send } from './outbound.ts';

export const webchat: Connector = {
  manifest,
  accountRef,
  site,
  verify,
  split,
  inbound,
  pieces,
  send,
  lookup,
  threadFor: () => thread,
  check,
  download,
};

async function check(context: ConnectorContext): Promise<{ accountName: string }> {
  return { accountName: site(context.settings).name || accountRef(context.settings) };
}

/** The visitor's upload is with us already. */
async function download(
  ref: Record<string, unknown>,
  context: ConnectorContext,
): Promise<{ body: AsyncIterable<Uint8Array> }> {
  if (typeof ref.fileId !== 'string' || !ref.fileId)
    throw new ConnectorError({
      class: 'permanent',
      code: 'noFile',
      message: 'The attachment names no upload of its visitor.',
    });
  return { body: context.openFile(ref.fileId) };
}
