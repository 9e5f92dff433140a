import { parsePhone } from '../../shared/text/phone.ts';
import { splitText } from '../../shared/text/split.ts';
import {
  type ConnectorContext,
  ConnectorError,
  type LookupResult,
  type OutboundMessage,
  type Piece,
  type SendRequest,
  type SendResult,
  type Settings,
} from '../connector.ts';
import { statusWord } from './catalog.ts';
import { KavenegarClient, type Row } from './client.ts';
import { accountRef, maxText, scopeOut } from './config.ts';

export function pieces(message: OutboundMessage, settings: Settings): Piece[] {
  if (message.files.length > 0) {
    throw new ConnectorError({
      class: 'permanent',
      code: 'noFiles',
      message: 'A text message cannot carry files.',
    });
  }
  const texts = splitText(message.text, maxText(settings));
  if (texts.length === 0) {
    throw new ConnectorError({
      class: 'permanent',
      code: 'empty',
      message: 'A text message needs some text.',
    });
  }
  return texts.map((text) => ({ kind: 'text', text }));
}

/** `localid` is our reference: the provider does not take the same one twice, and can be asked about it. */
export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const line = accountRef(context.settings);
  const [row] = await new KavenegarClient(context).send(
    {
      receptor: receptor(request.to),
      message: request.piece.text,
      sender: line,
      localid: request.sendRef,
    },
    request.signal,
  );
  const result = row && resultOf(row, line);
  if (!result) {
    throw new ConnectorError({
      class: 'unknown',
      code: 'badAnswer',
      message: 'Kavenegar said yes without naming the message: it may have taken it or not.',
    });
  }
  return result;
}

/** The provider answers about a reference for some twelve hours after the message. */
export async function lookup(
  request: { sendRef: string; signal: AbortSignal },
  context: ConnectorContext,
): Promise<LookupResult> {
  const line = accountRef(context.settings);
  const found = (await new KavenegarClient(context).statusByLocalId(request.sendRef, request.signal)).find(
    (row) => row.localid === undefined || String(row.localid) === request.sendRef,
  );
  const externalId = found && idOf(found);
  if (!found || !externalId || Number(found.status) === 100) return { found: false };
  const word = statusWord(Number(found.status));
  return { found: true, externalIds: [externalId], scope: scopeOut(line), state: word?.state ?? 'sent' };
}

function resultOf(row: Row, line: string): SendResult | null {
  const externalId = idOf(row);
  if (!externalId) return null;
  const word = statusWord(Number(row.status));
  if (word?.state === 'failed') {
    throw new ConnectorError({ class: 'permanent', code: `status${String(row.status)}`, message: word.says });
  }
  return { externalIds: [externalId], scope: scopeOut(line), state: word?.state ?? 'sent' };
}

function idOf(row: Row): string | null {
  const text = String(row.messageid ?? '');
  return /^[1-9]\d{0,19}$/.test(text) ? text : null;
}

/** Iranian numbers as the documentation writes them, others with 00 and their country. */
function receptor(to: SendRequest['to']): string {
  const phone = to.kind === 'mobile' ? parsePhone(to.value) : null;
  if (!phone) {
    throw new ConnectorError({
      class: 'permanent',
      code: 'badNumber',
      message: `A text message goes to a mobile number; ${to.kind} ${to.value} is none.`,
    });
  }
  return phone.e164.startsWith('+98') ? `0${phone.e164.slice(3)}` : `00${phone.e164.slice(1)}`;
}

export function address(text: string): { kind: 'mobile'; value: string; display: string } | null {
  const phone = parsePhone(text);
  return phone?.mobile ? { kind: 'mobile', value: phone.e164, display: phone.e164 } : null;
}
