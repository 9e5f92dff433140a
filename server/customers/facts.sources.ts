import type { QueryFilter } from 'mongoose';
import type { Context } from '../context.ts';
import { browsersOf } from '../duplicates/browsers.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { QualitySources } from '../quality/facts.quality.ts';
import { qualitySources } from '../quality/quality.sources.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { ConsentDoc } from './consent.model.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from './customer.model.ts';
import { type ConversationFrom, conversationFrom, type MessageFrom, messageFrom } from './facts.activity.ts';
import { type ValuesFrom, valuesFrom } from './facts.values.ts';

/** Conversations of a customer that are looked into for what they do, the newest first, and messages of each. */
const conversationsRead = 3;
const messagesRead = 30;

/** Everything that the facts of one customer are derived from. */
export interface FactsSources {
  customer: CustomerDoc;
  identities: IdentityDoc[];
  claims: ClaimDoc[];
  conversations: ConversationFrom[];
  messages: MessageFrom[];
  /** Of the same conversations the newest message each way, where it is further back than those. */
  furtherBack: MessageFrom[];
  records: ValuesFrom[];
  consents: ConsentDoc[];
  /** Of the whole installation, archived ones too, by id. */
  fields: ReadonlyMap<string, FieldDoc>;
  /** Of visitors among the identities: the browser each was met in. */
  browsers: ReadonlyMap<string, string>;
  quality: Pick<QualitySources, 'confirmed' | 'ignored' | 'settings' | 'now'>;
}

/** Reads it for several survivors at once, each collection with one query. What hangs on a customer is read through all members. */
export async function factsSources(
  ctx: Pick<Context, 'models' | 'now'>,
  customers: readonly CustomerDoc[],
): Promise<FactsSources[]> {
  const { models } = ctx;
  const owned = { customerId: { $in: customers.map((customer) => customer._id) } };
  const hanging = { customerId: { $in: customers.flatMap((customer) => customer.members) } };
  const reading = models.fields.find({}).lean<FieldDoc[]>().exec();
  const [identities, conversations, claims, records, consents, fields, quality] = await Promise.all([
    models.identities.find(owned).lean<IdentityDoc[]>().exec(),
    models.conversations
      .find(owned, conversationFrom)
      .sort({ customerId: 1, lastAt: -1 })
      .lean<ConversationFrom[]>()
      .exec(),
    models.claims.find(hanging).lean<ClaimDoc[]>().exec(),
    models.records
      .find(hanging, { ...valuesFrom, customerId: 1 })
      .lean<(ValuesFrom & Pick<RecordDoc, 'customerId'>)[]>()
      .exec(),
    models.consents.find(hanging).lean<ConsentDoc[]>().exec(),
    reading,
    qualitySources(ctx, customers, reading),
  ]);
  const browsers = await browsersOf(ctx, identities);
  const now = ctx.now();
  const byId = new Map(fields.map((field) => [field._id, field]));
  const of = <T extends { customerId: string }>(some: readonly T[], ids: readonly string[]) =>
    some.filter((one) => ids.includes(one.customerId));
  return Promise.all(
    customers.map(async (customer): Promise<FactsSources> => {
      const theirs = of(conversations, [customer._id]);
      const read = await newestMessages(ctx, theirs.slice(0, conversationsRead));
      return {
        customer,
        identities: of(identities, [customer._id]),
        claims: of(claims, customer.members),
        conversations: theirs,
        ...read,
        records: of(records, customer.members),
        consents: of(consents, customer.members),
        fields: byId,
        browsers,
        quality: { ...quality.of(customer), settings: quality.settings, now },
      };
    }),
  );
}

async function newestMessages(
  ctx: Pick<Context, 'models'>,
  conversations: readonly ConversationFrom[],
): Promise<Pick<FactsSources, 'messages' | 'furtherBack'>> {
  const newest = (filter: QueryFilter<MessageDoc>, limit: number) =>
    ctx.models.messages
      .find(filter, messageFrom)
      .sort({ at: -1, providerOrder: -1, seq: -1, _id: -1 })
      .limit(limit)
      .lean<MessageFrom[]>()
      .exec();
  const found = await Promise.all(
    conversations.map(async ({ _id: conversationId }) => {
      const messages = await newest({ conversationId }, messagesRead);
      if (messages.length < messagesRead) return { messages, furtherBack: [] };
      const missing = (['in', 'out'] as const).filter(
        (direction) => !messages.some((one) => one.kind === 'message' && one.direction === direction),
      );
      const further = missing.map((direction) => newest({ conversationId, kind: 'message', direction }, 1));
      return { messages, furtherBack: (await Promise.all(further)).flat() };
    }),
  );
  return {
    messages: found.flatMap((one) => one.messages),
    furtherBack: found.flatMap((one) => one.furtherBack),
  };
}
