import type { Connector, InboundEvent, RawEvent, RawRequest, Settings, Split } from '../connector.ts';
import { verifyToken } from '../meta/config.ts';
import { ask, completed } from '../meta/found.ts';
import { object } from '../meta/json.ts';
import { messagingEvents } from '../meta/messaging.ts';
import { answerChallenge, verifySignature } from '../meta/signature.ts';
import { readCut, splitEntries } from '../meta/split.ts';
import { face } from './config.ts';
import { changeEvents, keyOfChange, unknownIn } from './feed.ts';

export function verify(raw: RawRequest, settings: Settings): boolean {
  return verifySignature(raw, String(settings.appSecret ?? ''));
}

export function handshake(raw: RawRequest, settings: Settings) {
  return answerChallenge(raw, verifyToken(settings));
}

export function split(raw: RawRequest): Split {
  return splitEntries(raw, { object: face.object, keyOfChange });
}

export function inbound(event: RawEvent): InboundEvent[] {
  const cut = readCut(event.payload);
  return cut.by === 'change'
    ? changeEvents(event.accountRef, cut)
    : messagingEvents(face, event.accountRef, cut);
}

/** Who wrote, which post a comment is under, and whom our own comment answers. */
export const complete: NonNullable<Connector['complete']> = (event, context) =>
  completed(event, context, {
    face,
    seek: async (account, change) => {
      const { post, answered } = unknownIn(account, change);
      const found = post
        ? await ask(context, {
            path: `/${post}`,
            fields: 'message,permalink_url,created_time,full_picture,from',
          })
        : null;
      const above = answered ? await ask(context, { path: `/${answered}`, fields: 'from' }) : null;
      const author = object(above?.from);
      return { ...(found ? { post: found } : {}), ...(author ? { answered: author } : {}) };
    },
  });
