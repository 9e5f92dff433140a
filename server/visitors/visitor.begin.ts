import type * as z from 'zod/mini';
import type { SignedUser, VisitorBegin, VisitorSession } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import { neverSeen } from '../customers/identity.ts';
import { commit } from '../messages/commit.ts';
import { proveStep } from '../messages/intake.prove.ts';
import { presentConfig, type Site } from './site.ts';
import type { Arrivals } from './throttle.ts';
import {
  findVisitor,
  hashOf,
  mintToken,
  mintVisitorId,
  visitorIdentity,
  visitorKey,
} from './visitor.find.ts';
import { visitorMessages } from './visitor.messages.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { mustBeSigned, provenBy } from './visitor.signed.ts';

/**
 * The visitor whose token this is, or a new one. Somebody whom the site vouched for is never shown to whoever comes after them in the
 * same browser: without that user's signature, or with another's, a new visitor begins.
 *
 * @param options.place where the call is from, for counting new visitors
 * @throws AppError forbidden badSignature, tooMany
 */
export async function beginVisit(
  ctx: Context,
  site: Site,
  options: { form: z.output<typeof VisitorBegin>; place: string; arrivals: Arrivals },
): Promise<VisitorSession> {
  const { form } = options;
  if (form.user) mustBeSigned(site, form.user);
  const known = await findVisitor(ctx, site, form.token);
  const same = known && (await continued(ctx, known, form.user));
  if (same && form.token)
    return session(ctx, site, { visitor: await noted(ctx, same, form, site), token: form.token });

  options.arrivals.take(`${site.key} ${options.place}`, site.is.visitorsPerHour);
  const visitorId = mintVisitorId();
  const token = mintToken(visitorId);
  const now = ctx.now();
  const visitor: VisitorDoc = {
    _id: visitorKey(site.key, visitorId),
    site: site.key,
    visitorId,
    identityId: visitorIdentity(site.key, visitorId),
    channelId: site.channel._id,
    ...(known ? { browser: known.browser ?? known._id } : {}),
    tokenHash: hashOf(token),
    userId: form.user?.userId ?? null,
    userHash: '',
    language: form.language,
    page: null,
    contact: { name: '', email: '', mobile: '' },
    proves: [],
    contactDue: false,
    createdAt: now,
    lastSeenAt: now,
    onlineUntil: neverSeen,
    noFollowUp: false,
    stopCode: '',
  };
  await ctx.models.visitors.insertMany([visitor]);
  return session(ctx, site, { visitor: await noted(ctx, visitor, form, site), token });
}

/** The same person as before? Whoever wrote without a name and now signs in is; then they are this user for good. */
async function continued(
  ctx: Context,
  visitor: VisitorDoc,
  user: SignedUser | undefined,
): Promise<VisitorDoc | null> {
  if (visitor.userId !== null || !user) return visitor.userId === (user?.userId ?? null) ? visitor : null;
  const bound = await ctx.models.visitors
    .findOneAndUpdate(
      { _id: visitor._id, userId: null },
      { $set: { userId: user.userId } },
      { returnDocument: 'after' },
    )
    .lean<VisitorDoc>()
    .exec();
  if (bound) return bound;
  // Another window of this browser was first.
  const now = await ctx.models.visitors.findById(visitor._id).lean<VisitorDoc>().exec();
  return now?.userId === user.userId ? now : null;
}

/** Agents are offered it as a link. */
function isPage(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Where they are, in which language, and what their site vouches for. */
async function noted(
  ctx: Context,
  visitor: VisitorDoc,
  form: z.output<typeof VisitorBegin>,
  site: Site,
): Promise<VisitorDoc> {
  const { user } = form;
  const news = user && user.hash !== visitor.userHash ? user : null;
  const proves = news ? provenBy(ctx, site, news) : visitor.proves;
  const address = (kind: string) => proves.find((one) => one.kind === kind)?.value ?? '';
  const contact = news
    ? {
        name: news.name || visitor.contact.name,
        email: address('emailAddress') || visitor.contact.email,
        mobile: address('mobile') || visitor.contact.mobile,
      }
    : visitor.contact;
  const set: Partial<VisitorDoc> = {
    language: form.language,
    lastSeenAt: ctx.now(),
    ...(form.page && isPage(form.page.url) ? { page: form.page } : {}),
    ...(news ? { userHash: news.hash, proves, contact, contactDue: true } : {}),
  };
  await ctx.models.visitors.updateOne({ _id: visitor._id }, { $set: set }).exec();
  const after = { ...visitor, ...set };
  return proves.length ? { ...after, proves: await prove(ctx, after) } : after;
}

/**
 * What the site vouched for becomes the customer's at once, if the visitor has written; else it goes with their first message.
 * @returns what is still to go
 */
async function prove(ctx: Context, visitor: VisitorDoc): Promise<VisitorDoc['proves']> {
  if (!(await ctx.models.identities.exists({ _id: visitor.identityId }))) return visitor.proves;
  for (const proven of visitor.proves)
    await commit(ctx, proveStep(ctx, visitor.identityId, { ...proven, proof: 'signed' }));
  await provenNow(ctx, visitor);
  return [];
}

/** Unless their site has said something else meanwhile. */
export async function provenNow(ctx: Context, visitor: Pick<VisitorDoc, '_id' | 'userHash'>): Promise<void> {
  await ctx.models.visitors
    .updateOne({ _id: visitor._id, userHash: visitor.userHash }, { $set: { proves: [] } })
    .exec();
}

async function session(
  ctx: Context,
  site: Site,
  { visitor, token }: { visitor: VisitorDoc; token: string },
): Promise<VisitorSession> {
  return {
    token,
    visitorId: visitor.visitorId,
    config: presentConfig(ctx, site),
    ...(await visitorMessages(ctx, visitor, { at: 'newest' })),
    contact: visitor.contact,
  };
}

/** The token holds no more: whoever keeps it begins anew. */
export async function endVisit(ctx: Context, visitor: VisitorDoc): Promise<void> {
  await ctx.models.visitors.updateOne({ _id: visitor._id }, { $set: { tokenHash: '' } }).exec();
}
