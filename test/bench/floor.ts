import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import mongoose from 'mongoose';
import { Server } from 'socket.io';

/**
 * The least that any server of this kind could do: a bare Express route, one transaction of the same writes that intake makes
 * with the bare driver, a bare emit. Started as a process of its own by the bench, with the URI of a database of its own.
 */
const [uri = ''] = process.argv.slice(2);
const client = await mongoose.mongo.MongoClient.connect(uri, { writeConcern: { w: 'majority' } });
const db = client.db();
const collection = (name: string) => db.collection<{ _id: string }>(name);
for (const name of ['inbound', 'identities', 'customers', 'conversations', 'parts', 'messages'])
  await db.createCollection(name);

const app = express();
const server = createServer(app);
const io = new Server(server, { connectionStateRecovery: undefined });

app.post('/', express.urlencoded({ extended: false }), async (request, response) => {
  const { messageid, from, message } = request.body as Record<string, string>;
  const id = String(messageid);
  const peer = String(from);
  await collection('inbound').insertOne({ _id: id, ...{ payload: message, state: 'new' } });
  response.json({ ok: true });
  await store(id, peer, String(message));
});

async function store(id: string, peer: string, text: string): Promise<void> {
  const session = client.startSession();
  try {
    const version = await session.withTransaction(async () => {
      await collection('identities').updateOne(
        { _id: peer },
        { $inc: { touched: 1 }, $max: { lastSeenAt: new Date() } },
        { upsert: true, session },
      );
      await collection('customers').updateOne(
        { _id: peer },
        { $setOnInsert: { name: peer } },
        { upsert: true, session },
      );
      const conversation = await collection('conversations').findOneAndUpdate(
        { _id: peer },
        { $inc: { version: 1, seq: 1 }, $set: { lastAt: new Date() } },
        { upsert: true, returnDocument: 'after', session },
      );
      await collection('parts').insertOne({ _id: id, ...{ messageId: id } }, { session });
      await collection('messages').insertOne(
        { _id: `m${id}`, ...{ conversationId: peer, text, at: new Date() } },
        { session },
      );
      await collection('inbound').updateOne({ _id: id }, { $set: { state: 'done' } }, { session });
      return (conversation as { version?: number } | null)?.version ?? 1;
    });
    io.emit('changed', { conversationId: peer, version, messages: [{ id, text }] });
  } finally {
    await session.endSession();
  }
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => {
  io.close();
  void client.close().then(() => process.exit(0));
});
