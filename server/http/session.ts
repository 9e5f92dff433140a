import { createHash, randomBytes } from 'node:crypto';
import { parse as parseCookie, serialize } from 'cookie';
import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { SessionDoc, UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';

const cookieName = 'session';
/** A session nobody uses for so long is over. */
const idleMs = 14 * 24 * 3_600_000;
/** Its end moves on at most so often. */
const slideMs = 5 * 60_000;

/** Who is asking, on an authenticated request or socket. */
export interface SignedIn {
  user: UserDoc;
  viewer: Viewer;
  sessionId: string;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** @returns the token, which nobody but the browser keeps */
export async function beginSession(
  ctx: Context,
  options: { userId: string; userAgent: string },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const now = ctx.now();
  const session: SessionDoc = {
    _id: hashOf(token),
    userId: options.userId,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + idleMs),
    userAgent: options.userAgent.slice(0, 200),
  };
  await ctx.models.sessions.insertMany([session]);
  // Those of this person that nobody used for long are of no use to anyone.
  await ctx.models.sessions.deleteMany({ userId: options.userId, expiresAt: { $lte: now } }).exec();
  await ctx.models.users.updateOne({ _id: options.userId }, { $set: { lastSeenAt: now } }).exec();
  return token;
}

/** The session of a Cookie header; null when there is none, it is over, or its user may no longer come in. */
export async function findSession(ctx: Context, cookieHeader: string | undefined): Promise<SignedIn | null> {
  const token = parseCookie(cookieHeader ?? '')[cookieName];
  if (!token || token.length > 100) return null;
  return sessionById(ctx, hashOf(token), { slide: true });
}

/** @param options.slide it was used: its end moves on */
export async function sessionById(
  ctx: Context,
  sessionId: string,
  options: { slide: boolean },
): Promise<SignedIn | null> {
  const session = await ctx.models.sessions.findById(sessionId).lean<SessionDoc>().exec();
  const now = ctx.now();
  if (!session || session.expiresAt <= now) return null;
  const user = await ctx.models.users.findById(session.userId).lean<UserDoc>().exec();
  if (!user?.active) return null;
  if (options.slide && now.getTime() - session.lastSeenAt.getTime() > slideMs) {
    await ctx.models.sessions
      .updateOne(
        { _id: session._id },
        { $set: { lastSeenAt: now, expiresAt: new Date(now.getTime() + idleMs) } },
      )
      .exec();
    await ctx.models.users.updateOne({ _id: user._id }, { $set: { lastSeenAt: now } }).exec();
  }
  return { user, viewer: viewerOf(user), sessionId: session._id };
}

export async function endSession(ctx: Context, signedIn: SignedIn): Promise<void> {
  await ctx.models.sessions.deleteOne({ _id: signedIn.sessionId }).exec();
  ctx.bus.emit('user.changed', { userId: signedIn.user._id });
}

/** Ends every session of a user, or all but one; their sockets are told. */
export async function endSessions(
  ctx: Pick<Context, 'models' | 'bus'>,
  userId: string,
  options: { except?: string } = {},
): Promise<void> {
  await ctx.models.sessions
    .deleteMany({ userId, ...(options.except ? { _id: { $ne: options.except } } : {}) })
    .exec();
  ctx.bus.emit('user.changed', { userId });
}

export function sessionCookie(token: string, options: { secure: boolean }): string {
  return serialize(cookieName, token, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: idleMs / 1000,
    secure: options.secure,
  });
}

export function clearedCookie(options: { secure: boolean }): string {
  return serialize(cookieName, '', {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: 0,
    secure: options.secure,
  });
}

/**
 * Is this Origin ours: the address the program is known by, or the very host that was asked? A browser sends it with every write
 * and every socket, and no page can forge it.
 */
export function isOurOrigin(
  origin: string | undefined,
  options: { host: string | undefined; publicUrl: string | null },
): boolean {
  if (!origin) return false;
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  if (options.publicUrl && url.origin === new URL(options.publicUrl).origin) return true;
  return options.host !== undefined && url.host === options.host.toLowerCase();
}

export function badOrigin(): AppError {
  return new AppError({
    code: 'forbidden',
    reason: 'badOrigin',
    message: 'This request did not come from a page of this server.',
  });
}

export function notSignedIn(): AppError {
  return new AppError({ code: 'unauthenticated', message: 'Sign in first.' });
}
