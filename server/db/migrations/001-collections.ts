import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** A date is set: null and absent are not in the index. A query that is to use it says the very same. */
const set = { $gt: new Date(0) };

/** What each collection is asked, beside its `_id`; what must be unique is an `_id`, so no index is. */
const shape: Record<string, mongo.IndexDescription[]> = {
  inbound: [
    // The sweep, and the raw payloads whose time has come.
    { key: { state: 1, nextAt: 1 } },
    // Lists of failed, ignored and parked; what waits, oldest first.
    { key: { state: 1, receivedAt: -1, _id: -1 } },
    { key: { channelId: 1, state: 1 } },
  ],
  customers: [{ key: { tokens: 1 } }],
  identities: [{ key: { customerId: 1 } }],
  claims: [{ key: { customerId: 1 } }, { key: { kind: 1, value: 1 } }],
  links: [{ key: { survivorId: 1 } }, { key: { mergedId: 1 } }],
  conversations: [
    { key: { lastAt: -1, _id: -1 } },
    { key: { status: 1, lastAt: -1, _id: -1 } },
    { key: { assigneeId: 1, status: 1, lastAt: -1, _id: -1 } },
    {
      name: 'waiting',
      key: { lastAt: -1, _id: -1, status: 1 },
      partialFilterExpression: { waitingSince: set },
    },
    { key: { snoozedUntil: 1 }, partialFilterExpression: { snoozedUntil: set } },
    { key: { customerId: 1, lastAt: -1 } },
  ],
  routes: [],
  reads: [],
  drafts: [{ key: { userId: 1 } }, { key: { conversationId: 1 } }],
  messages: [
    { key: { conversationId: 1, at: 1, providerOrder: 1, seq: 1, _id: 1 } },
    { key: { conversationId: 1, seq: 1 } },
    { key: { conversationId: 1, version: 1 } },
    // What is to leave, what stands still, what a provider may still say something about.
    {
      name: 'outgoing',
      key: { 'delivery.state': 1, channelId: 1, at: -1 },
      partialFilterExpression: { 'delivery.state': { $exists: true } },
    },
    // Media still to be fetched.
    { name: 'fetching', key: { receivedAt: 1 }, partialFilterExpression: { 'attachments.state': 'pending' } },
  ],
  tombstones: [{ key: { conversationId: 1, version: 1 } }],
  parts: [{ key: { messageId: 1 } }],
  lanes: [{ key: { channelId: 1 } }],
  leases: [],
  channels: [],
  channelHealth: [],
  users: [],
  logins: [{ key: { userId: 1 } }],
  sessions: [{ key: { userId: 1 } }, { key: { expiresAt: 1 } }],
  organisation: [],
  files: [{ key: { conversationId: 1 } }],
};

/** Every collection and every index. Both commands are done again harmlessly. */
export const collections: Migration = {
  id: '001-collections',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = new Set(
      (await database.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name),
    );
    for (const [name, indexes] of Object.entries(shape)) {
      if (!existing.has(name)) await database.createCollection(name);
      if (indexes.length) await database.collection(name).createIndexes(indexes);
    }
  },
};
