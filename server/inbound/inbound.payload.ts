import { mongo } from 'mongoose';
import type { RawEvent } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import type { InboundDoc } from './inbound.model.ts';

/** It cannot be normalised: no attempt will change that, a person must look. */
export class Unusable extends Error {}

/** The event as its connector gave it. @throws Unusable when its bytes are gone */
export async function rawEventOf(ctx: Pick<Context, 'files'>, doc: InboundDoc): Promise<RawEvent> {
  const { accountRef, eventKey, at } = doc;
  return { accountRef, eventKey, at, payload: await payloadOf(ctx, doc) };
}

/** The bytes as they arrived. @throws Unusable when they are gone */
export async function payloadOf(ctx: Pick<Context, 'files'>, doc: InboundDoc): Promise<Uint8Array> {
  // Read lean, bytes are the driver's Binary.
  const inline = doc.payload as Buffer | mongo.Binary | null;
  if (inline instanceof mongo.Binary) return inline.buffer.subarray(0, inline.position);
  if (inline) return inline;
  if (!doc.fileId) throw new Unusable('Its bytes were removed thirty days after it was done.');
  const { stream } = await ctx.files.open(doc.fileId);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
