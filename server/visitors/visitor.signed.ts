import { createHmac } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { SignedUser } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import { canonical } from './address.ts';
import type { Site } from './site.ts';
import { sameHash } from './visitor.find.ts';
import type { VisitorDoc } from './visitor.model.ts';

/**
 * Does the site's own server vouch for this user?
 * @throws AppError forbidden, with what to look at
 */
export function mustBeSigned(site: Site, user: SignedUser): void {
  const { identitySecret } = site.is;
  const wrong = (message: string) => new AppError({ code: 'forbidden', reason: 'badSignature', message });
  if (!identitySecret)
    throw wrong('This site has no secret for signed users: set one in the channel’s settings.');
  const { userId, name, email, mobile, hash } = user;
  const more = Boolean(name || email || mobile);
  const signed = more ? JSON.stringify([userId, name, email, mobile]) : userId;
  if (sameHash(hash, createHmac('sha256', identitySecret).update(signed, 'utf8').digest('hex'))) return;
  throw wrong(
    'The signature of this user is wrong: it must be the HMAC-SHA256 of the user’s id, or of the whole list when more is said, with the site’s secret.',
  );
}

/** What a signature that holds proves of its visitor. What is no address proves nothing. */
export function provenBy(ctx: Context, site: Site, user: SignedUser): VisitorDoc['proves'] {
  const email = canonical(ctx, 'emailAddress', user.email);
  const mobile = canonical(ctx, 'mobile', user.mobile);
  return [
    { kind: 'siteUser', value: `${site.key}:${user.userId}`, display: user.name || user.userId },
    ...(email ? [{ kind: 'emailAddress' as const, value: email, display: email }] : []),
    ...(mobile ? [{ kind: 'mobile' as const, value: mobile, display: mobile }] : []),
  ];
}
