import type { Context } from '../../server/context.ts';
import { blankConversation } from '../../server/conversations/conversation.header.ts';
import type { ConversationDoc } from '../../server/conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc } from '../../server/customers/customer.model.ts';
import { customerTokens } from '../../server/customers/customer.tokens.ts';
import type { MessageDoc } from '../../server/messages/message.model.ts';
import type { RecordDoc } from '../../server/records/record.model.ts';
import { recordId } from '../../server/records/record.put.ts';
import { type Random, seeded } from '../random.ts';
import { type Words, wordsOf } from './million.words.ts';

/** Many messages as though they had been written over two years, in conversations of ten; a customer with a mobile number, a landline and a purchase for every ten of them. */
export interface Million {
  words: Words;
  random: Random;
  /** Whole names, mobile and landline numbers, numbers of orders that messages name, and of purchases: of some that are in it. */
  names: string[];
  mobiles: string[];
  orders: string[];
  phones: string[];
  purchases: string[];
  /** Messages a second. */
  rate: number;
}

const perConversation = 10;
const channels = 8;
/** Documents of one insert. */
const batch = 1_000;
const spanMs = 2 * 365 * 86_400_000;

const givens =
  'علی محمد زهرا فاطمه حسین رضا مریم سارا مهدی امیر نرگس حسن لیلا سمیه مینا آرش کاوه نگار پریسا بهرام الهام شیما نازنین یاسمن'.split(
    ' ',
  );
const families =
  'محمدی احمدی حسینی رضایی کریمی موسوی جعفری صادقی رحیمی قاسمی حیدری اکبری یوسفی نوری کاظمی شریفی عباسی زارعی طاهری باقری فرهادی بهرامی امینی سلیمی'.split(
    ' ',
  );

export const channelOf = (n: number): string => `channel-${n % channels}`;
const cidOf = (n: number): string => String(1_000_000_000 + n);
const conversationIdOf = (n: number): string => `conversation-${n}`;

/**
 * Fills an empty database past the product's own path, as the product would have left it: what it says is owed to search.
 * @param options.messages a multiple of ten thousand
 */
export async function loadMillion(
  ctx: Context,
  options: { messages: number; say: (line: string) => void; seed?: number },
): Promise<Million> {
  const random = seeded(options.seed ?? 1);
  const words = wordsOf(random);
  const million: Million = {
    words,
    random,
    names: [],
    mobiles: [],
    orders: [],
    phones: [],
    purchases: [],
    rate: 0,
  };
  const from = performance.now();
  const newest = ctx.now().getTime();
  const conversations = options.messages / perConversation;
  for (let first = 0; first < conversations; first += batch) {
    const some = Array.from({ length: Math.min(batch, conversations - first) }, (_, n) => first + n);
    await writePeople(ctx, some, million);
    // The newest last, as they came.
    const begin = (n: number) => newest - spanMs + (n * spanMs) / conversations;
    await ctx.models.conversations.collection.insertMany(
      some.map((n) => conversationDoc(n, begin(n))) as never[],
    );
    const docs = some.flatMap((n) => messagesOf(n, begin(n), million));
    for (let at = 0; at < docs.length; at += batch)
      await ctx.models.messages.collection.insertMany(docs.slice(at, at + batch) as never[]);
    const done = (first + some.length) * perConversation;
    if (done % 50_000 === 0)
      options.say(`${done} messages, ${((done * 1000) / (performance.now() - from)).toFixed(0)}/s`);
  }
  million.rate = (options.messages * 1000) / (performance.now() - from);
  return million;
}

async function writePeople(ctx: Context, numbers: number[], million: Million): Promise<void> {
  const { random } = million;
  const customers: CustomerDoc[] = [];
  const identities: IdentityDoc[] = [];
  const records: RecordDoc[] = [];
  for (const n of numbers) {
    const name = `${byRank(givens, random)} ${byRank(families, random)}`;
    const value = `+9891${String(10_000_000 + ((n * 7_919) % 89_999_999)).padStart(8, '0')}`;
    const landline = `+9821${String(20_000_000 + ((n * 6_007) % 69_999_999)).padStart(8, '0')}`;
    const number = `${200_000 + n}`;
    if (n % 50 === 0) {
      million.names.push(name);
      million.mobiles.push(value);
      million.phones.push(landline);
      million.purchases.push(number);
    }
    const seen = new Date();
    const identity: IdentityDoc = {
      _id: `mobile:${value}`,
      kind: 'mobile',
      value,
      address: null,
      display: value,
      customerId: cidOf(n),
      homeCustomerId: cidOf(n),
      proof: 'transport',
      provenAt: seen,
      touched: 0,
      lastSeenAt: seen,
      unreachable: false,
      reachOrder: '',
      channelIds: [channelOf(n)],
      threadKey: value,
    };
    const phone: IdentityDoc = {
      ...identity,
      _id: `phone:${landline}`,
      kind: 'phone',
      value: landline,
      display: landline,
      channelIds: [],
      threadKey: landline,
    };
    identities.push(identity, phone);
    records.push(purchaseOf(n, { number, at: seen, words: million.words }));
    customers.push({
      _id: cidOf(n),
      name,
      nameSource: 'channel',
      active: { main: null },
      version: 1,
      mergedInto: null,
      members: [cidOf(n)],
      tokens: customerTokens(name, [identity, phone]),
      createdAt: seen,
    });
  }
  await ctx.models.identities.collection.insertMany(identities as never[]);
  await ctx.models.customers.collection.insertMany(customers as never[]);
  await ctx.models.records.collection.insertMany(records as never[]);
}

function purchaseOf(n: number, of: { number: string; at: Date; words: Words }): RecordDoc {
  const { number, at, words } = of;
  return {
    _id: recordId('purchase', number),
    kind: 'purchase',
    customerId: cidOf(n),
    externalId: number,
    at,
    title: `${words.draw()} ${words.draw()}`,
    amount: 100_000 + (n % 900) * 1_000,
    currency: 'IRR',
    items: [],
    status: 'done',
    statusText: '',
    note: '',
    source: { by: 'api', id: 'bench' },
    version: 1,
    createdAt: at,
    updatedAt: at,
    todo: ['search'],
  };
}

/** The first of a list the most often. */
const byRank = (list: readonly string[], random: Random) =>
  list[Math.floor(random() ** 2 * list.length)] ?? '';

function conversationDoc(n: number, begin: number): ConversationDoc {
  const lastAt = new Date(begin + perConversation * 60_000);
  return {
    ...blankConversation({ id: conversationIdOf(n), customerId: cidOf(n), at: new Date(begin) }),
    status: 'resolved',
    channelIds: [channelOf(n)],
    version: perConversation,
    seq: perConversation,
    messageCount: perConversation,
    lastAt,
    newestAt: lastAt,
  };
}

function messagesOf(n: number, begin: number, million: Million): MessageDoc[] {
  return Array.from({ length: perConversation }, (_, i) => {
    const at = new Date(begin + (i + 1) * 60_000);
    return plainMessage({
      id: `message-${n}-${i}`,
      conversationId: conversationIdOf(n),
      channelId: channelOf(n),
      seq: i + 1,
      at,
      text: textOf(million),
      direction: i % 2 ? 'out' : 'in',
    });
  });
}

/** Three to twenty-five words, short ones more often; now and then the number of an order or a telephone. */
export function textOf({ words, random, orders, mobiles }: Million): string {
  const count = 3 + Math.floor(random() ** 2 * 22);
  const said = Array.from({ length: count }, words.draw);
  if (random() < 0.06) {
    const order = `${10_000 + Math.floor(random() * 900_000)}-${Math.floor(random() * 100)}`;
    if (random() < 0.05) orders.push(order);
    said.push(`سفارش ${order}`);
  }
  if (random() < 0.03) said.push(mobiles[Math.floor(random() * mobiles.length)]?.replace('+98', '0') ?? '');
  return said.join(' ');
}

/** A message that was sent long ago, as the product keeps it. */
export function plainMessage(
  of: Pick<MessageDoc, 'conversationId' | 'channelId' | 'seq' | 'at' | 'text' | 'direction'> & { id: string },
): MessageDoc {
  const { id, ...rest } = of;
  return {
    _id: id,
    ...rest,
    kind: 'message',
    version: of.seq,
    atEstimated: false,
    providerOrder: String(of.seq),
    receivedAt: of.at,
    late: false,
    identityId: null,
    threadKey: null,
    inReplyTo: null,
    externalId: null,
    digest: null,
    letter: null,
    hasWhole: false,
    relatedId: null,
    alsoChannelIds: [],
    automatic: false,
    mentions: [],
    visibility: 'private',
    authorId: null,
    sentElsewhere: false,
    sentAnyway: false,
    editedAt: null,
    editOrder: null,
    deletedAt: null,
    groupKey: null,
    attachments: [],
    reactions: [],
    delivery: null,
    event: null,
    imported: false,
    todo: ['search'],
  };
}
