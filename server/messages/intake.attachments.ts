import type { InboundAttachment, InboundMessage } from '../../connectors/connector.ts';
import type { Incoming } from './intake.message.ts';
import type { Arrival } from './intake.step.ts';
import { cleanText } from './intake.text.ts';
import type { AttachmentDoc } from './message.model.ts';

/** What a message brings along, still to be fetched. */
export function attachmentsOf({ event, minted, arrival }: Incoming): AttachmentDoc[] {
  return event.attachments.map((attachment, index) =>
    attachmentDoc(attachment, {
      id: minted.attachmentIds[index] ?? '',
      arrival,
      inline: isInline(event, attachment.contentId),
    }),
  );
}

/** One file that an event names. */
export function attachmentDoc(
  attachment: InboundAttachment,
  { id, arrival, inline }: { id: string; arrival: Arrival; inline: boolean },
): AttachmentDoc {
  const canFetch = Boolean(arrival.connector.download);
  return {
    id,
    name: cleanText(attachment.name).slice(0, 200),
    type: attachment.type,
    bytes: attachment.bytes ?? null,
    width: attachment.width ?? null,
    height: attachment.height ?? null,
    duration: attachment.duration ?? null,
    state: canFetch ? 'pending' : 'failed',
    error: canFetch ? null : 'This channel cannot fetch files.',
    ref: attachment.ref,
    inboundId: arrival.inbound._id,
    inline,
    contentId: attachment.contentId ?? null,
    danger: null,
    fileId: null,
  };
}

/** Only what the rich body shows: some programs give every file an id. */
function isInline({ whole }: InboundMessage, contentId: string | undefined): boolean {
  if (!contentId || !whole?.html) return false;
  const quoted = contentId
    .replace(/&/g, '&amp;')
    .replace(/"/g, '&quot;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
  return whole.html.includes(`cid:${contentId}"`) || whole.html.includes(`cid:${quoted}"`);
}
