import {
  type ConnectorContext,
  ConnectorError,
  type OutboundMessage,
  type Piece,
  type SendRequest,
  type SendResult,
  type Settings,
} from '../connector.ts';
import { canonicalAddress } from './address.ts';
import { type Accepted, MailServer } from './client.ts';
import { type ComposedMail, checked, compose } from './compose.ts';
import { copyToSent, maxBytes, scope } from './config.ts';
import { nobodyThere } from './errors.ts';
import { keepCopy } from './sent.ts';

/** A mail is one call, with all its files. */
export function pieces(message: OutboundMessage, settings: Settings): Piece[] {
  const { text, files, letter } = message;
  if (!text.trim() && files.length === 0) {
    throw new ConnectorError({
      class: 'permanent',
      code: 'empty',
      message: 'A mail needs some text or a file.',
    });
  }
  for (const address of [...(letter?.cc ?? []), ...(letter?.bcc ?? []), ...(letter?.forwardTo ?? [])])
    checked(address);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const most = maxBytes(settings);
  if (bytes > most) {
    throw new ConnectorError({
      class: 'permanent',
      code: 'tooLarge',
      message: `The files are ${megabytes(bytes)} MB together; a mail of this channel carries ${megabytes(most)} MB.`,
    });
  }
  return [{ kind: 'letter', text, files, ...(letter ? { letter } : {}) }];
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '');

/**
 * Hands one mail to the server. Its copy for the folder of sent mail follows on its own: nobody waits for it.
 */
export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const mail = await compose(request, context);
  const server = await MailServer.open(context, request.signal);
  let accepted: Accepted;
  try {
    accepted = await server.send(
      {
        from: mail.from,
        to: [...new Set([...mail.to, ...mail.cc, ...mail.bcc])],
        reference: request.sendRef,
      },
      mail.raw,
    );
  } catch (error) {
    throw blame(error, mail);
  } finally {
    server.close();
  }
  const result = resultOf(mail, accepted);
  if (copyToSent(context.settings)) keepCopy(context, { messageId: mail.messageId, raw: mail.raw });
  return result;
}

/** A server may take a mail for some of its addresses only, and the rest is never tried again. */
function resultOf(mail: ComposedMail, { rejected, serverMessageId }: Accepted): SendResult {
  const said = (address: string): string =>
    `${address} (${rejected.find((one) => one.address === address)?.said.slice(0, 200) ?? ''})`;
  const refused = new Set(rejected.map(({ address }) => address));
  if (mail.to.every((address) => refused.has(address))) {
    const copies = [...mail.cc, ...mail.bcc].filter((address) => !refused.has(address));
    throw new ConnectorError({
      class: 'permanent',
      code: 'refused',
      message: `The mail server refused ${mail.to.map(said).join(', ')}; only the copies left, to ${copies.join(', ')}.`,
      unreachable:
        !mail.forwarded && rejected.some((one) => mail.to.includes(one.address) && nobodyThere(one.said)),
    });
  }
  const ids = serverMessageId?.replace(/^<|>$/g, '');
  return {
    externalIds: ids && ids !== mail.messageId ? [mail.messageId, ids] : [mail.messageId],
    scope,
    ...(refused.size > 0
      ? { warning: `The mail server refused ${[...refused].map(said).join(', ')}; all others have it.` }
      : {}),
  };
}

/** Nobody at the customer's own address: they cannot be reached there. A refused copy says nothing about the customer. */
function blame(error: unknown, mail: ComposedMail): unknown {
  if (!(error instanceof ConnectorError) || error.class !== 'permanent' || mail.forwarded) return error;
  const { rejectedErrors } = (error.cause ?? {}) as {
    rejectedErrors?: { recipient?: string; response?: string }[];
  };
  const own = rejectedErrors?.find(({ recipient }) => recipient !== undefined && mail.to.includes(recipient));
  if (!own || !nobodyThere(String(own.response ?? ''))) return error;
  return new ConnectorError({
    class: 'permanent',
    code: error.code,
    message: error.message,
    unreachable: true,
    cause: error.cause,
  });
}

export function address(text: string): { kind: 'emailAddress'; value: string; display: string } | null {
  const value = canonicalAddress(text);
  return value ? { kind: 'emailAddress', value, display: value } : null;
}

/** Of a first mail: answers to it name our Message-ID and are put here by the core. */
export function threadFor(to: { value: string }): string {
  return `new:${canonicalAddress(to.value) ?? to.value}`;
}
