import type { InboundMessage } from '../../connectors/connector.ts';
import type { VisitorMessage, VisitorWrites } from '../../shared/visitor.ts';
import { channelSettings, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { key } from '../db/key.ts';
import type { FileDoc } from '../files/file.model.ts';
import { invalid } from '../http/validate.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { processEvent } from '../inbound/inbound.worker.ts';
import type { MessageDoc, PartDoc } from '../messages/message.model.ts';

import { partId, scopeOf } from '../messages/parts.ts';
import { maxVisitorText, type Site } from './site.ts';
import { provenNow } from './visitor.begin.ts';
import { settleContact } from './visitor.contact.ts';
import { uploaderOf } from './visitor.find.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { isShown } from './visitor.number.ts';
import { presentAllForVisitor, presentUpload } from './visitor.presenter.ts';

/** So long the answer waits for the message to be in its conversation; it is safe long before. */
const patienceMs = 3_000;

/**
 * What a visitor wrote, stored as any provider's event is, durably before it is answered; then on its way into a conversation. The
 * same id again is the same message, whatever it says.
 * @throws AppError invalid, `text` or `fileIds`
 */
export async function writeAsVisitor(
  ctx: Context,
  site: Site,
  options: { visitor: VisitorDoc; form: VisitorWrites },
): Promise<VisitorMessage> {
  const { visitor, form } = options;
  if (!form.text.trim() && !form.fileIds.length) throw invalid({ text: 'There is nothing in this message.' });
  if (form.text.length > maxVisitorText)
    throw invalid({ text: `A message has at most ${maxVisitorText} characters.` });
  const part = partOf(ctx, site, { visitor, form });
  const known = await messageOfPart(ctx, await part);
  if (known) return known;
  const files = await uploads(ctx, visitor, form.fileIds);
  const at = ctx.now();
  const body = payload(visitor, { form, files, at });
  const connector = connectorOf(ctx, site.channel);
  const { events } = connector.split(
    { source: 'listen', method: 'POST', path: '/', query: {}, headers: {}, body },
    channelSettings(ctx, site.channel),
  );
  const [event] = events;
  if (!event) throw new Error('A visitor’s message was split into nothing.');
  const { hookId, connector: connectorId } = site.channel;
  await storeEvents(ctx, { hookId, channel: site.channel, connectorId, events });
  const inboundId = key(hookId, event.accountRef, event.eventKey);
  const written = await arrived(ctx, { inboundId, part: await part });
  if (written) {
    if (visitor.proves.length) await provenNow(ctx, visitor);
    await settleContact(ctx, visitor);
    return written;
  }
  // Accepted, and on its way, or for nobody to read.
  return {
    id: form.id,
    seq: 0,
    from: 'visitor',
    author: null,
    at: at.toISOString(),
    text: form.text,
    deleted: false,
    edited: false,
    files: files.map(presentUpload),
    state: 'received',
  };
}

/** The part that its connector will make of this message. */
async function partOf(
  ctx: Context,
  site: Site,
  { visitor, form }: { visitor: VisitorDoc; form: VisitorWrites },
): Promise<string> {
  const meanings = await connectorOf(ctx, site.channel).inbound(
    {
      accountRef: site.key,
      eventKey: form.id,
      at: null,
      payload: payload(visitor, { form, files: [], at: ctx.now() }),
    },
    channelSettings(ctx, site.channel),
  );
  const message = meanings.find((meaning): meaning is InboundMessage => meaning.type === 'message');
  const [externalId] = message?.externalIds ?? [];
  if (!message || !externalId) throw new Error('A visitor’s message means nothing to its connector.');
  return partId(scopeOf(site.channel._id, message.scope), externalId);
}

function payload(
  visitor: VisitorDoc,
  { form, files, at }: { form: VisitorWrites; files: readonly FileDoc[]; at: Date },
): Uint8Array {
  const { visitorId, language, contact, proves } = visitor;
  return new TextEncoder().encode(
    JSON.stringify({
      visitorId,
      id: form.id,
      text: form.text,
      files: files.map(({ _id: id, name, type, bytes, width, height }) => ({
        id,
        name,
        type,
        bytes,
        width,
        height,
      })),
      at: at.toISOString(),
      language,
      name: contact.name,
      proves,
    }),
  );
}

async function uploads(ctx: Context, visitor: VisitorDoc, fileIds: readonly string[]): Promise<FileDoc[]> {
  const ids = [...new Set(fileIds)];
  if (!ids.length) return [];
  const found = await ctx.models.files
    .find({ _id: { $in: ids }, authorId: uploaderOf(visitor) })
    .lean<FileDoc[]>()
    .exec();
  return ids.map((id) => {
    const file = found.find((one) => one._id === id);
    if (!file) throw invalid({ fileIds: 'One of the files is not there any more: attach it again.' });
    return file;
  });
}

/** The message once it is in its conversation; null when that takes too long, or when it will never be. */
async function arrived(
  ctx: Context,
  about: { inboundId: string; part: string },
): Promise<VisitorMessage | null> {
  const deadline = performance.now() + patienceMs;
  // Here and now, unless a worker has it already.
  await processEvent(ctx, about.inboundId);
  for (let pauseMs = 5; ; pauseMs = Math.min(200, pauseMs * 2)) {
    const message = await messageOfPart(ctx, about.part);
    if (message) return message;
    const event = await ctx.models.inbound
      .findById(about.inboundId, { state: 1 })
      .lean<Pick<InboundDoc, 'state'>>()
      .exec();
    const over = !event || ['ignored', 'failed'].includes(event.state);
    if (over || performance.now() + pauseMs > deadline) return null;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function messageOfPart(ctx: Context, part: string): Promise<VisitorMessage | null> {
  const known = await ctx.models.parts.findById(part).lean<PartDoc>().exec();
  const message = known?.messageId
    ? await ctx.models.messages.findById(known.messageId).lean<MessageDoc>().exec()
    : null;
  if (!message || !isShown(message)) return null;
  const identity = await ctx.models.identities
    .findById(message.identityId, { teamReadAt: 1 })
    .lean<Pick<IdentityDoc, 'teamReadAt'>>()
    .exec();
  const [shown] = await presentAllForVisitor(ctx, identity, [message]);
  return shown ?? null;
}
