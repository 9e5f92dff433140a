import { createHmac } from 'node:crypto';
import type * as z from 'zod/mini';
import { AppError } from '../../shared/errors.ts';
import { defaultPreferences, type SetUp, type Welcome } from '../../shared/user.ts';
import { sameSecret } from '../channels/secrets.ts';
import type { Context } from '../context.ts';
import { findOrganisation } from './organisation.ts';
import { hashPassword } from './password.ts';
import type { Throttles } from './throttle.ts';
import { insertUser } from './user.create.ts';
import type { OrganisationDoc, UserDoc } from './user.model.ts';

/**
 * The code of the first run: whoever reads the server's terminal may set it up. It follows from the installation's key, so that every
 * process of it knows the same one; after set-up it opens nothing.
 */
export function setUpCode(secretKey: string): string {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
  const digest = createHmac('sha256', secretKey).update('yekja set-up code').digest();
  const drawn = [...digest.subarray(0, 12)].map((byte) => letters[byte % letters.length]).join('');
  return (drawn.match(/.{4}/g) ?? []).join('-');
}

/** What a browser may know before sign-in. */
export async function welcome(ctx: Context, demo: Welcome['demo']): Promise<Welcome> {
  const organisation = await findOrganisation(ctx);
  return {
    needsSetUp: organisation === null,
    organisation: organisation?.name ?? null,
    language: organisation?.language ?? 'fa',
    demo,
  };
}

/** The organisation and its first administrator, once. */
export async function setUp(
  ctx: Context,
  form: z.output<typeof SetUp>,
  options: { code: string; throttles: Throttles; place: string },
): Promise<UserDoc> {
  if (await findOrganisation(ctx)) throw alreadySetUp();
  await options.throttles.setUp.attempt(options.place);
  const given = form.code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (!sameSecret(given, options.code.replace(/-/g, '')))
    throw new AppError({
      code: 'forbidden',
      reason: 'badSetupCode',
      message: 'This is not the set-up code printed in the terminal of the server.',
    });
  const now = ctx.now();
  const passwordHash = await hashPassword(form.password);
  const organisation: OrganisationDoc = {
    _id: 'organisation',
    name: form.organisation,
    language: form.language,
    calendar: form.calendar,
    timeZone: form.timeZone,
    createdAt: now,
    demo: false,
  };
  // The organisation is inserted in the same transaction: of two who set up at once, its `_id` lets one through.
  return insertUser(ctx, {
    user: {
      _id: ctx.uuid(),
      name: form.name,
      email: form.email,
      role: 'administrator',
      channelIds: 'all',
      teamIds: [],
      active: true,
      preferences: {
        ...defaultPreferences,
        language: form.language,
        calendar: form.calendar,
        timeZone: form.timeZone,
      },
      touched: 0,
      createdAt: now,
      lastSeenAt: null,
    },
    passwordHash,
    organisation,
  }).catch((error: unknown) => {
    if (/collection: \S+\.organisation\b/.test(String((error as Error).message))) throw alreadySetUp();
    throw error;
  });
}

function alreadySetUp(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'alreadySetUp',
    message: 'This installation is set up already. Sign in.',
  });
}
