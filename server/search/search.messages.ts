import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { FoundMessage } from '../../shared/search.ts';
import { findInAll, type Query, type Range } from '../../shared/text/find.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { presentCustomerSummary } from '../customers/customer.presenter.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { Place } from './search.candidates.ts';
import { placeAfter } from './search.cursor.ts';
import { textsOf } from './search.index.ts';
import { channelMark, kindMark } from './search.keys.ts';
import { type Plan, planOf } from './search.plan.ts';
import { snippetOf } from './search.snippet.ts';
import { walk } from './search.walk.ts';

interface MessageSearch {
  query: Query;
  limit: number;
  after: string | null;
  /** Also what was put away as spam, and what blocked people wrote. */
  unwanted: boolean;
}

/**
 * Messages with all words of a query that the viewer may see, newest first. What matches is decided on each message as it is now: one
 * that was edited or taken back is not found by what it said before.
 *
 * @throws AppError forbidden; invalid for a cursor that is none
 */
export async function searchMessages(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  options: MessageSearch,
): Promise<{ found: FoundMessage[]; next: string | null }> {
  if (!may(viewer, 'conversation.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not read conversations.' });
  const after = placeAfter(options.after);
  if (!options.query.units.length) return { found: [], next: null };
  const plan: Plan = [...marksOf(viewer), ...planOf(options.query)];
  return walk(ctx, {
    plan,
    after,
    limit: options.limit,
    look: (places) => look(ctx, viewer, { ...options, places }),
  });
}

/** Messages, and of the viewer's channels: one of several marks. */
function marksOf(viewer: Viewer): Plan {
  const kind: Plan = [[[{ key: kindMark('message') }]]];
  if (viewer.channelIds === 'all') return kind;
  return [...kind, viewer.channelIds.map((id) => [{ key: channelMark(id) }])];
}

type Seen = Pick<ConversationDoc, '_id' | 'customerId' | 'spam'>;

interface Sources {
  conversations: Map<string, Seen>;
  customers: Map<string, Pick<CustomerDoc, '_id' | 'name' | 'version' | 'mergedInto'>>;
  blocked: Set<string>;
}

async function look(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  options: MessageSearch & { places: readonly Place[] },
): Promise<(FoundMessage | null)[]> {
  const { places, query } = options;
  const numbers = places.map(({ n }) => n);
  const messages = await ctx.models.messages
    .find({ searchNo: { $in: numbers, $gt: 0 } }, { delivery: 0, reactions: 0 })
    .lean<MessageDoc[]>();
  const matches = messages.flatMap((message) => {
    const ranges = message.deletedAt ? null : findInAll(query, textsOf(message));
    return ranges ? [{ message, ranges }] : [];
  });
  const sources = await sourcesOf(
    ctx,
    viewer,
    matches.map(({ message }) => message),
  );
  const found = new Map<number, FoundMessage>();
  for (const { message, ranges } of matches) {
    const one = present(message, ranges, sources);
    if (one && (options.unwanted || !one.unwanted)) found.set(message.searchNo ?? 0, one);
  }
  return numbers.map((no) => found.get(no) ?? null);
}

async function sourcesOf(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  messages: readonly MessageDoc[],
): Promise<Sources> {
  if (!messages.length) return { conversations: new Map(), customers: new Map(), blocked: new Set() };
  const ids = [...new Set(messages.map(({ conversationId }) => conversationId))];
  const identityIds = [...new Set(messages.flatMap(({ identityId }) => identityId ?? []))];
  const [conversations, blocked] = await Promise.all([
    ctx.models.conversations
      .find({ _id: { $in: ids }, ...visibleTo(viewer) }, { customerId: 1, spam: 1 })
      .lean<Seen[]>(),
    ctx.models.identities.find({ _id: { $in: identityIds }, blocked: true }, { _id: 1 }).lean(),
  ]);
  const customers = await ctx.models.customers
    .find(
      { _id: { $in: conversations.map(({ customerId }) => customerId) } },
      { name: 1, version: 1, mergedInto: 1 },
    )
    .lean<CustomerDoc[]>();
  return {
    conversations: new Map(conversations.map((one) => [one._id, one])),
    customers: new Map(customers.map((one) => [one._id, one])),
    blocked: new Set(blocked.map(({ _id }) => _id)),
  };
}

function present(message: MessageDoc, ranges: Range[][], sources: Sources): FoundMessage | null {
  const conversation = sources.conversations.get(message.conversationId);
  const customer = conversation && sources.customers.get(conversation.customerId);
  if (!conversation || !customer) return null;
  const [highlights = [], inSubject = [], ...inFiles] = ranges;
  return {
    id: message._id,
    conversationId: message.conversationId,
    customer: presentCustomerSummary(customer as CustomerDoc),
    kind: message.kind,
    direction: message.direction,
    channelId: message.channelId ?? null,
    authorId: message.authorId ?? null,
    at: message.at.toISOString(),
    seq: message.seq,
    unwanted: Boolean(conversation.spam) || sources.blocked.has(message.identityId ?? ''),
    snippet: snippetOf(message.text, highlights),
    highlights,
    subject: message.letter?.subject ? { text: message.letter.subject, highlights: inSubject } : null,
    files: message.attachments.flatMap(({ name }, index) => {
      const marks = inFiles[index] ?? [];
      return marks.length ? [{ text: name, highlights: marks }] : [];
    }),
  };
}
