import type { Connector, ConnectorContext } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { MailServer, openMailbox } from './client.ts';
import { accountRef, copyToSent, displayName, imapSide, mailFolder, manifest, smtpSide } from './config.ts';
import { download } from './download.ts';
import { inbound, payloadOf, split } from './inbound.ts';
import { listen } from './listen.ts';
import { address, pieces, send, threadFor } from './outbound.ts';
import { sentFolderOf } from './sent.ts';

export const email: Connector = {
  manifest,
  accountRef,
  // A mailbox calls nobody: whatever comes to the hook is from somebody else.
  verify: (raw) => raw.source === 'listen',
  split,
  inbound,
  payloadOf,
  pieces,
  send,
  address,
  letterFrom: (settings) => ({ name: displayName(settings), address: accountRef(settings) }),
  threadFor: (to) => threadFor(to),
  listen,
  check,
  download,
};

const checkMs = 45_000;

/** Signs in on both sides, opens the folder and looks for the one of sent mail. Sends and changes nothing. */
async function check(context: ConnectorContext): Promise<{ accountName: string }> {
  const { settings } = context;
  const account = accountRef(settings);
  const imap = imapSide(settings);
  const smtp = smtpSide(settings);
  const signal = AbortSignal.timeout(checkMs);
  const mailbox = await openMailbox(context, signal);
  try {
    await mailbox.call((client) => client.mailboxOpen(mailFolder(settings), { readOnly: true }));
    if (copyToSent(settings) && (await sentFolderOf(mailbox, context)) === null)
      throw new ConnectorError({
        class: 'permanent',
        code: 'noSentFolder',
        field: 'sentFolder',
        message: 'The mailbox names no folder of sent mail: enter its name, or keep no copies there.',
      });
  } finally {
    mailbox.close();
  }
  const server = await MailServer.open(context, signal);
  server.close();
  return { accountName: `${account} (${imap.host}, ${smtp.host})` };
}
