import type { Context } from '../context.ts';
import { dropLease, takeLease } from '../jobs/leases.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { followUp } from './follow-up.ts';
import { type Site, sessionChannels, siteOfChannel } from './site.ts';
import { settleContact } from './visitor.contact.ts';
import { sweepUploads } from './visitor.files.ts';
import { visitorKeyOf } from './visitor.find.ts';
import type { VisitorDoc } from './visitor.model.ts';

const everyMs = 10_000;
/** What has not arrived for so long is not sent after anybody any more. */
const oldestMs = 3 * 24 * 3_600_000;
const batch = 2_000;

/** What is owed to visitors who are not there: on one server at a time. @returns ends it */
export function startVisitorJobs(ctx: Context, options: { everyMs?: number } = {}): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() =>
      sweepVisitors(ctx).catch((error) => ctx.log.warn({ err: error }, 'visitors could not be looked after')),
    );
  }, options.everyMs ?? everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

export async function sweepVisitors(ctx: Context): Promise<void> {
  const lease = await takeLease(ctx, 'visitors');
  if (!lease) return;
  try {
    await sweepContacts(ctx);
    for (const channel of await sessionChannels(ctx)) await sweepFollowUps(ctx, siteOfChannel(ctx, channel));
    await sweepUploads(ctx);
  } finally {
    await dropLease(ctx, lease);
  }
}

/** Contacts left just before a server went. */
async function sweepContacts(ctx: Context): Promise<void> {
  const due = await ctx.models.visitors
    .find({ contactDue: true, lastSeenAt: { $gt: new Date(ctx.now().getTime() - oldestMs) } })
    .limit(batch)
    .lean<VisitorDoc[]>()
    .exec();
  if (!due.length) return;
  const written = await ctx.models.identities
    .find({ _id: { $in: due.map(({ identityId }) => identityId) } }, { _id: 1 })
    .lean<{ _id: string }[]>()
    .exec();
  const wrote = new Set(written.map(({ _id }) => _id));
  for (const visitor of due) if (wrote.has(visitor.identityId)) await settleContact(ctx, visitor);
}

/** Visitors of a site whose answers have waited long enough, who are gone and left an address. */
async function sweepFollowUps(ctx: Context, site: Site): Promise<void> {
  const now = ctx.now();
  const waiting = await ctx.models.messages
    .find(
      {
        'delivery.state': 'sent',
        channelId: site.channel._id,
        at: {
          $gte: new Date(now.getTime() - oldestMs),
          $lte: new Date(now.getTime() - site.is.followUpAfter * 60_000),
        },
      },
      { identityId: 1 },
    )
    .sort({ at: -1 })
    .limit(batch)
    .lean<Pick<MessageDoc, 'identityId'>[]>()
    .exec();
  const keys = new Set(waiting.flatMap(({ identityId }) => (identityId && visitorKeyOf(identityId)) ?? []));
  const gone = await ctx.models.visitors
    .find({
      _id: { $in: [...keys] },
      onlineUntil: { $lte: now },
      noFollowUp: false,
      $or: [{ 'contact.email': { $ne: '' } }, { 'contact.mobile': { $ne: '' } }],
    })
    .lean<VisitorDoc[]>()
    .exec();
  for (const visitor of gone) {
    // One that cannot be followed up does not keep the others waiting.
    await followUp(ctx, site, visitor).catch((error) =>
      ctx.log.warn({ err: error, visitor: visitor._id }, 'no answer was sent after a visitor'),
    );
  }
}
