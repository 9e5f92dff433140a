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
  // Always the whole list: were the id alone signed too, whoever may choose their id at the site could choose one that reads as a list.
  const signed = JSON.stringify([userId, name, email, mobile]);
  if (sameHash(hash, createHmac('sha256', identitySecret).update(signed, 'utf8').digest('hex'))) return;
  throw wrong(
    'The signature of this user is wrong: it must be the HMAC-SHA256, with the site’s secret, of the JSON list of user id, name, e-mail address and mobile number.',
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
