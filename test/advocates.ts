import type { AdvocateDoc, EvidenceDoc } from '../server/advocates/advocate.model.ts';
import { advocateSettings } from '../server/advocates/advocate.settings.ts';
import { workAdvocates } from '../server/advocates/advocate.worker.ts';
import { evidenceOf } from '../server/advocates/heard.ts';
import { type Score, scoreFrom } from '../server/advocates/score.ts';
import type { Context } from '../server/context.ts';
import type { CustomerDoc, IdentityDoc } from '../server/customers/customer.model.ts';
import { workFacts } from '../server/customers/facts.worker.ts';
import type { AuthorDoc } from '../server/listening/author.ts';
import { workListening } from '../server/listening/listen.worker.ts';
import type { MessageDoc } from '../server/messages/message.model.ts';
import type { RecordDoc } from '../server/records/record.model.ts';

const never = new AbortController().signal;

/** Until everything that was said is heard and derived. */
export async function settled(ctx: Context): Promise<void> {
  await workListening(ctx, never);
  await workFacts(ctx, never);
  await workAdvocates(ctx, never, { restShare: 0 });
}

export const advocateOf = (ctx: Context, customerId: string): Promise<AdvocateDoc | null> =>
  ctx.models.advocates.findById(customerId).lean<AdvocateDoc>().exec();

export interface Recounted {
  evidence: string[];
  score: Score;
  points: number;
}

/** What of each survivor must be known, from messages, records and lines of the ledger alone. Help is left out: it is told by examples. */
export async function recount(ctx: Context, now: Date): Promise<Map<string, Recounted>> {
  const { models } = ctx;
  const customers = await models.customers.find({ mergedInto: null }).lean<CustomerDoc[]>();
  const identities = await models.identities.find({}).lean<IdentityDoc[]>();
  const messages = await models.messages
    .find({ direction: 'in', kind: 'message', deletedAt: null })
    .lean<MessageDoc[]>();
  const records = await models.records
    .find({ kind: 'purchase', status: { $in: ['open', 'done'] } })
    .lean<RecordDoc[]>();
  const authors = await models.authors.find({}).lean<AuthorDoc[]>();
  const codes = await models.referralCodes.find({}).lean<{ _id: string; customerId: string }[]>();
  const rewards = await models.rewards
    .find({ kind: 'points', state: { $in: ['given', 'undone'] } })
    .lean<{ customerId: string; points: number; balance: number | null }[]>();
  const settings = await advocateSettings(ctx);
  return new Map(
    customers.map((customer) => {
      const theirs = identities.filter((one) => one.customerId === customer._id);
      const evidence = messages.flatMap((message): EvidenceDoc[] => {
        const identity = theirs.find(({ _id }) => _id === message.identityId);
        if (!identity) return [];
        return evidenceOf({
          customerId: identity.homeCustomerId,
          source: 'message',
          sourceId: message._id,
          authorId: identity._id,
          channelId: message.channelId ?? '',
          conversationId: message.conversationId,
          postId: message.postId ?? null,
          url: message.url ?? null,
          public: message.visibility === 'public',
          at: message.at,
          text: message.text,
          sentiment: message.sentiment ?? null,
          answers: null,
        });
      });
      const own = codes.filter((code) => customer.members.includes(code.customerId)).map(({ _id }) => _id);
      const has = (record: RecordDoc) => customer.members.includes(record.customerId);
      return [
        customer._id,
        {
          evidence: evidence.map(({ _id }) => _id).sort(),
          score: scoreFrom({
            evidence,
            purchases: records.filter(has),
            referrals: records.filter((one) => own.includes(one.referralCode || '-') && !has(one)),
            reaches: authors
              .filter(({ _id }) => theirs.some((one) => one._id === _id))
              .flatMap(({ reach }) => (reach === null ? [] : [reach])),
            settings,
            now,
          }),
          points: rewards
            .filter((line) => customer.members.includes(line.customerId) && line.balance !== null)
            .reduce((sum, { points }) => sum + points, 0),
        },
      ];
    }),
  );
}
