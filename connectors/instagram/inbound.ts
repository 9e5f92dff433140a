import type { Connector, InboundEvent, RawEvent, RawRequest, Split } from '../connector.ts';
import { completed } from '../meta/found.ts';
import { messagingEvents } from '../meta/messaging.ts';
import { readCut, splitEntries } from '../meta/split.ts';
import { changeEvents, keyOfChange, seek } from './comments.ts';
import { face } from './config.ts';

export { handshake, verify } from '../messenger/inbound.ts';

export function split(raw: RawRequest): Split {
  return splitEntries(raw, { object: face.object, keyOfChange });
}

export function inbound(event: RawEvent): InboundEvent[] {
  const cut = readCut(event.payload);
  return cut.by === 'change'
    ? changeEvents(event.accountRef, cut)
    : messagingEvents(face, event.accountRef, cut);
}

/** Who wrote, the post of a comment, whom our own comment answers, and the words of a mention. */
export const complete: NonNullable<Connector['complete']> = (event, context) =>
  completed(event, context, { face, seek });
