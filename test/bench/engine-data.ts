import { createHash } from 'node:crypto';
import mongoose from 'mongoose';

export type Document = ReturnType<typeof documentOf>;
export type Messages = mongoose.mongo.Collection<Document>;

export const DOCUMENTS = 200_000;
export const CONVERSATIONS = 2_000;
/** Documents of one insertMany while loading. */
const BATCH = 1_000;

/** An _id that scatters as ids of the product do; the same number gives the same. */
export const idOf = (n: number) => createHash('sha1').update(String(n)).digest('base64url').slice(0, 22);
export const conversationOf = (n: number) => `conversation-${n % CONVERSATIONS}`;
export const channelOf = (n: number) => `channel-${n % 8}`;
export const externalIdOf = (n: number) => `external-${n}`;

const words = 'سلام، سفارش من هنوز نرسیده است. کد رهگیری را می‌فرستید؟ Thank you, it works now. '.repeat(3);

/** A message of the product's shape, about 600 bytes of BSON. */
export const documentOf = (n: number) => ({
  _id: idOf(n),
  n,
  conversationId: conversationOf(n),
  channelId: channelOf(n),
  externalId: externalIdOf(n),
  customerId: `customer-${n % 5_000}`,
  createdAt: new Date(1_700_000_000_000 + n * 1_000),
  kind: n % 7 === 0 ? 'note' : 'message',
  seq: Math.floor(n / CONVERSATIONS),
  version: 1,
  delivery: { state: 'delivered', attempt: 1, pieces: [n, n + 1] },
  text: words.slice(n % 40, 190 + (n % 40)),
});

/** The three indexes beside _id, one of them unique. */
export const indexes: mongoose.mongo.IndexDescription[] = [
  { key: { conversationId: 1, createdAt: -1 } },
  { key: { channelId: 1 as const, externalId: 1 as const }, unique: true },
  { key: { customerId: 1 as const } },
];

/** Fills the collection, its indexes there from the start; resolves with documents a second. */
export async function load(messages: Messages): Promise<number> {
  await messages.createIndexes(indexes);
  const from = performance.now();
  for (let n = 0; n < DOCUMENTS; n += BATCH)
    await messages.insertMany(Array.from({ length: BATCH }, (_, i) => documentOf(n + i)));
  return (DOCUMENTS * 1000) / (performance.now() - from);
}

export const documentBytes = () => mongoose.mongo.BSON.calculateObjectSize(documentOf(123_456));
