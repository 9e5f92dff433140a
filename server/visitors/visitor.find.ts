import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { identityId } from '../customers/identity.ts';
import { key, keyParts } from '../db/key.ts';
import type { Site } from './site.ts';
import type { VisitorDoc } from './visitor.model.ts';

/** Unseen for so long, a token holds no more. */
const forgottenMs = 180 * 24 * 3_600_000;
/** That they were seen is written down at most so often. */
const noteMs = 5 * 60_000;

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `visitorId.secret`: whose it claims to be, and 256 random bits that prove it. */
export function mintToken(visitorId: string): string {
  return `${visitorId}.${randomBytes(32).toString('base64url')}`;
}

export const mintVisitorId = (): string => randomBytes(16).toString('base64url');

export function visitorKey(site: string, visitorId: string): string {
  return key(site, visitorId);
}

/** What a visitor writes as. */
export function visitorIdentity(site: string, visitorId: string): string {
  return identityId({ kind: 'webVisitor', value: `${site}:${visitorId}` });
}

/** The `_id` of the visitor who writes as this identity; null: it is none of a visitor. */
export function visitorKeyOf(identity: string): string | null {
  const [kind, value] = keyParts(identity) ?? [];
  const [site, visitorId] = value?.split(':') ?? [];
  return kind === 'webVisitor' && site && visitorId ? visitorKey(site, visitorId) : null;
}

/** The visitor whose token this is; null: it never was one of this site, or holds no more. */
export async function findVisitor(
  ctx: Context,
  site: Site,
  token: string | undefined,
): Promise<VisitorDoc | null> {
  const visitorId = /^([\w-]{22})\.[\w-]{43}$/.exec(token ?? '')?.[1];
  if (!token || !visitorId) return null;
  const visitor = await ctx.models.visitors
    .findById(visitorKey(site.key, visitorId))
    .lean<VisitorDoc>()
    .exec();
  if (!visitor || !sameHash(visitor.tokenHash, hashOf(token))) return null;
  if (ctx.now().getTime() - visitor.lastSeenAt.getTime() > forgottenMs) return null;
  if (visitor.channelId === site.channel._id) return visitor;
  // The site's channel was archived and made anew under the same key: what was said on the old one stays with it.
  const channelId = site.channel._id;
  await ctx.models.visitors.updateOne({ _id: visitor._id }, { $set: { channelId } }).exec();
  return { ...visitor, channelId };
}

/** @throws AppError unauthenticated */
export async function knownVisitor(ctx: Context, site: Site, token: string | undefined): Promise<VisitorDoc> {
  const visitor = await findVisitor(ctx, site, token);
  if (!visitor)
    throw new AppError({ code: 'unauthenticated', message: 'This chat is over here: begin it anew.' });
  if (ctx.now().getTime() - visitor.lastSeenAt.getTime() > noteMs)
    await ctx.models.visitors.updateOne({ _id: visitor._id }, { $max: { lastSeenAt: ctx.now() } }).exec();
  return visitor;
}

/** Whose an upload is, in `files`. */
export function uploaderOf(visitor: Pick<VisitorDoc, '_id'>): string {
  return `${uploaders}${visitor._id}`;
}
export const uploaders = 'visitor:';
