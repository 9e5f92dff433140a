import { may, type Permission, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { InboundPage, InboundState, InboundSummary } from '../../shared/inbound.ts';
import type { Context } from '../context.ts';
import { scrub } from '../log.ts';
import type { InboundDoc } from './inbound.model.ts';
import { payloadOf } from './inbound.payload.ts';

const pageSize = 50;
const excerptBytes = 600;

function authorise(viewer: Viewer, permission: Permission): void {
  if (!may(viewer, permission))
    throw new AppError({ code: 'forbidden', message: 'Only administrators may see raw events.' });
}

/** One window of what failed, was ignored or is parked, newest first. @throws AppError forbidden, invalid */
export async function listInbound(
  ctx: Context,
  viewer: Viewer,
  options: { state: InboundState; after?: string },
): Promise<InboundPage> {
  authorise(viewer, 'inbound.read');
  const after = options.after ? parseCursor(options.after) : null;
  const docs = await ctx.models.inbound
    .find({
      state: options.state,
      ...(after
        ? {
            $or: [
              { receivedAt: { $lt: after.receivedAt } },
              { receivedAt: after.receivedAt, _id: { $lt: after._id } },
            ],
          }
        : {}),
    })
    .sort({ receivedAt: -1, _id: -1 })
    .limit(pageSize + 1)
    .lean<InboundDoc[]>();
  const page = docs.slice(0, pageSize);
  const last = page.at(-1);
  return {
    events: await Promise.all(page.map((doc) => presentInbound(ctx, doc))),
    next: docs.length > pageSize && last ? cursorOf(last) : null,
  };
}

/**
 * Takes an event up again from its raw bytes: what failed, what waits, and what was ignored: that is then taken for what it is when a
 * person wants it all the same. It is woken after.
 * @throws AppError forbidden, notFound, conflict
 */
export async function replayInbound(ctx: Context, viewer: Viewer, id: string): Promise<InboundSummary> {
  authorise(viewer, 'inbound.replay');
  const before = await ctx.models.inbound.findById(id).lean<InboundDoc>();
  if (!before) throw new AppError({ code: 'notFound', message: 'There is no such event.' });
  if (!before.payload && !before.fileId)
    throw new AppError({
      code: 'conflict',
      message: 'The event’s bytes were removed thirty days after it was done.',
    });
  const replayable = (['failed', 'ignored', 'parked'] as const).find((state) => state === before.state);
  const doc =
    replayable &&
    (await ctx.models.inbound
      .findOneAndUpdate(
        { _id: id, state: replayable },
        {
          $set: {
            state: 'new',
            attempts: 0,
            reason: null,
            nextAt: null,
            parkedAt: null,
            doneAt: null,
            ...(before.state === 'ignored' ? { restored: true } : {}),
          },
        },
        { returnDocument: 'after' },
      )
      .lean<InboundDoc>());
  if (!doc)
    throw new AppError({
      code: 'conflict',
      message: `The event is ${before.state}: there is nothing to replay.`,
    });
  ctx.bus.emit('inbound.stored', { ids: [id] });
  return presentInbound(ctx, doc);
}

/** As administrators see it: the beginning of its bytes as text, without secrets. */
export async function presentInbound(ctx: Context, doc: InboundDoc): Promise<InboundSummary> {
  const bytes = await beginningOf(ctx, doc);
  const excerpt = new TextDecoder().decode(bytes.subarray(0, excerptBytes)).replace(/\uFFFD+$/, '');
  return {
    id: doc._id,
    channelId: doc.channelId,
    state: doc.state,
    reason: doc.reason,
    receivedAt: doc.receivedAt.toISOString(),
    attempts: doc.attempts,
    restorable: doc.state === 'ignored' && (doc.restorable ?? false),
    restored: doc.restored ?? false,
    about: doc.about ?? null,
    bytes: doc.bytes,
    excerpt: scrub(excerpt),
  };
}

async function beginningOf(ctx: Context, doc: InboundDoc): Promise<Uint8Array> {
  if (doc.payload) return payloadOf(ctx, doc);
  if (!doc.fileId) return new Uint8Array();
  const { stream } = await ctx.files.open(doc.fileId, {
    start: 0,
    end: Math.min(excerptBytes, doc.bytes) - 1,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function cursorOf(doc: InboundDoc): string {
  return Buffer.from(JSON.stringify([doc.receivedAt.getTime(), doc._id])).toString('base64url');
}

function parseCursor(text: string): { receivedAt: Date; _id: string } {
  try {
    const [time, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof time === 'number' && !Number.isNaN(new Date(time).getTime()) && typeof id === 'string')
      return { receivedAt: new Date(time), _id: id };
  } catch {
    // Said below.
  }
  throw new AppError({
    code: 'invalid',
    message: '`after` is not a cursor this server gave.',
    fields: { after: 'invalid' },
  });
}
