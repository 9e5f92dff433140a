import { createHash } from 'node:crypto';
import { withoutBidiControls } from '../../shared/text/normalise.ts';
import {
  ConnectorError,
  type InboundEvent,
  type RawEvent,
  type RawRequest,
  type Sender,
  type Settings,
  type Split,
} from '../connector.ts';
import { accountRef, maxVisitorText } from './config.ts';
import { readPayload, type VisitorPayload } from './payload.ts';

/** One line of talk: everything that a visitor and the team say is in it. */
export const thread = 'chat';

/** Where a message's ids are unique. */
export const scopeOf = (site: string): string => `webchat:${site}`;
/** A visitor's own id is theirs alone: somebody else's message may bear the same. */
export const externalIdOf = (visitorId: string, id: string): string => `${visitorId}/${id}`;

/** Visitors are known by their token, which the server looks at; nobody else may say what a visitor wrote. */
export function verify(): boolean {
  return false;
}

/** One message of one visitor, as the server wrote it down. */
export function split(raw: RawRequest, settings: Settings): Split {
  const account = settings.site === undefined ? 'unconfigured' : accountRef(settings);
  let payload: VisitorPayload;
  try {
    payload = readPayload(raw.body);
  } catch (error) {
    throw new ConnectorError({ class: 'permanent', code: 'notOurs', message: (error as Error).message });
  }
  const { visitorId, id, at } = payload;
  return {
    events: [
      { accountRef: account, eventKey: externalIdOf(visitorId, id), at: new Date(at), payload: raw.body },
    ],
  };
}

export function inbound(event: RawEvent): InboundEvent[] {
  const payload = readPayload(event.payload);
  const { visitorId, id, files, proves } = payload;
  return [
    {
      type: 'message',
      externalIds: [externalIdOf(visitorId, id)],
      scope: scopeOf(event.accountRef),
      direction: 'in',
      sender: senderOf(event.accountRef, payload),
      threadKey: thread,
      at: new Date(payload.at),
      providerOrder: '',
      text: payload.text.slice(0, maxVisitorText),
      attachments: files.map(({ id: fileId, name, type, bytes, width, height }) => ({
        ref: { fileId },
        name,
        type,
        ...(bytes === null ? {} : { bytes }),
        ...(width === null ? {} : { width }),
        ...(height === null ? {} : { height }),
      })),
      visibility: 'private',
      ...(proves.length ? { proves: proves.map((proven) => ({ ...proven, proof: 'signed' as const })) } : {}),
    },
  ];
}

function senderOf(site: string, { visitorId, language, name }: VisitorPayload): Sender {
  const called = withoutBidiControls(name)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 120);
  return {
    kind: 'webVisitor',
    value: `${site}:${visitorId}`,
    display: `${language === 'fa' ? 'بازدیدکننده' : 'Visitor'} ${shortNumber(visitorId)}`,
    ...(called ? { name: called } : {}),
    language,
  };
}

/** Tells two nameless visitors apart on a screen; names nobody. */
function shortNumber(visitorId: string): string {
  const hash = createHash('sha256').update(visitorId).digest();
  return String(hash.readUInt32BE(0) % 100_000).padStart(5, '0');
}
