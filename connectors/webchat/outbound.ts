import { splitText } from '../../shared/text/split.ts';
import {
  type ConnectorContext,
  ConnectorError,
  type OutboundFile,
  type OutboundMessage,
  type Piece,
  type SendRequest,
  type SendResult,
} from '../connector.ts';
import { accountRef, maxFileBytes, maxText } from './config.ts';
import { scopeOf } from './inbound.ts';

/** A visitor is offered a message as a whole: it is cut only where it is longer than any screen should show. */
export function pieces(message: OutboundMessage): Piece[] {
  for (const file of message.files) checkSize(file);
  const text = message.text.trim();
  const [file] = message.files;
  if (!file && !text)
    throw new ConnectorError({
      class: 'permanent',
      code: 'empty',
      message: 'A message needs some text or a file.',
    });
  const [first = '', ...rest] = splitText(text, maxText);
  return [
    file ? { kind: 'file', text: first, file, files: message.files } : { kind: 'text', text: first },
    ...rest.map((part): Piece => ({ kind: 'text', text: part })),
  ];
}

function checkSize(file: OutboundFile): void {
  if (file.bytes <= maxFileBytes) return;
  throw new ConnectorError({
    class: 'permanent',
    code: 'tooLarge',
    message: `“${file.name}” is over 10 MB, more than a visitor is offered.`,
  });
}

/** Nothing leaves: that the message counts as sent is what lets its visitor see it, now or when they come back. */
export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const site = accountRef(context.settings);
  const { kind, value } = request.to;
  if (kind !== 'webVisitor' || !value.startsWith(`${site}:`))
    throw new ConnectorError({
      class: 'permanent',
      code: 'badAddress',
      message: 'This is no visitor of this site.',
    });
  return offered(site, request.sendRef);
}

/** A server that died before it wrote down that a message was offered had not offered it: it is, from now on. */
export async function lookup(
  request: { sendRef: string },
  context: ConnectorContext,
): Promise<{ found: true } & SendResult> {
  return { found: true, ...offered(accountRef(context.settings), request.sendRef) };
}

function offered(site: string, sendRef: string): SendResult {
  return { externalIds: [sendRef], scope: scopeOf(site) };
}
