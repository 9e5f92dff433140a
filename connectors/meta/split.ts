import type { RawEvent, RawRequest, Split } from '../connector.ts';
import { entriesOf, hashOf } from './envelope.ts';
import { encode, id, integer, type Json, list, messageId, moment, object, text } from './json.ts';

/** One thing out of an entry: what is stored, and what `inbound` reads. */
export interface Cut {
  /** `standby`: another app has the conversation, we only hear of it. */
  by: 'messaging' | 'standby' | 'change';
  /** When Meta sent it. */
  time: number | null;
  item: Json;
  /** What `complete` found out. */
  known: Json | null;
}

/** Fields under which Meta's panel sends what else comes as `messaging`. */
const messagingFields = /^(messages|message_|messaging_|standby$)/;

/** Every thing of every entry, for whichever account it is. */
export function splitEntries(
  raw: RawRequest,
  options: { object: string; keyOfChange(change: Json, time: number | null): string },
): Split {
  const events = entriesOf(raw.body, options.object).flatMap(({ id: account, time, body }) => {
    const event = (cut: Omit<Cut, 'known' | 'time'>, key: string, at: Date | null): RawEvent => ({
      accountRef: account,
      eventKey: key,
      at,
      payload: encode({ ...cut, time }),
    });
    const messaging = (by: 'messaging' | 'standby') => (item: Json) =>
      event({ by, item }, keyOfMessaging(item), moment(item.timestamp));
    const change = (item: Json): RawEvent => {
      const value = object(item.value);
      if (messagingFields.test(text(item.field) ?? '') && value?.sender) return messaging('messaging')(value);
      const at = moment(value?.created_time) ?? moment(time);
      return event({ by: 'change', item }, options.keyOfChange(item, time), at);
    };
    // Where an entry has only one change, Instagram writes it into the entry itself.
    const flat =
      typeof body.field === 'string' && object(body.value) ? [{ field: body.field, value: body.value }] : [];
    return [
      ...list(body.messaging).map(messaging('messaging')),
      ...list(body.standby).map(messaging('standby')),
      ...[...list(body.changes), ...flat].map(change),
    ];
  });
  return { events };
}

/** What has an id of its own has it as key, however it came; what has none is known by whom, when and what. */
export function keyOfMessaging(item: Json): string {
  const who = id(object(item.sender)?.id) ?? 'nobody';
  const message = object(item.message);
  const mid = messageId(message?.mid);
  if (mid) return message?.is_deleted === true ? `unsend/${mid}` : `message/${mid}`;
  const edit = object(item.message_edit);
  if (edit)
    return `edit/${messageId(edit.mid) ?? ''}/${text(edit.num_edit) ?? integer(edit.num_edit) ?? ''}/${hashOf(edit)}`;
  const postback = object(item.postback);
  const pressed = messageId(postback?.mid);
  if (pressed) return `message/${pressed}`;
  for (const kind of ['delivery', 'read', 'reaction', 'postback'] as const) {
    const body = object(item[kind]);
    if (!body) continue;
    const mark = integer(body.watermark) ?? integer(item.timestamp) ?? '';
    return `${kind}/${who}/${mark}/${hashOf(body)}`;
  }
  return `other/${hashOf(item)}`;
}

/** @throws a sentence when it is none of ours */
export function readCut(payload: Uint8Array): Cut {
  const cut = object(JSON.parse(new TextDecoder().decode(payload)));
  const item = object(cut?.item);
  const by = cut?.by;
  if (!item || (by !== 'messaging' && by !== 'standby' && by !== 'change'))
    throw new Error('The stored event is none of Meta’s.');
  return { by, item, time: integer(cut?.time), known: object(cut?.known) };
}
