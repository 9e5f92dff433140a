import mongoose from 'mongoose';
import { connectDatabase } from '../../server/db/connect.ts';
import { checkInvariants } from '../../server/db/invariants.ts';
import { createModels } from '../../server/db/models.ts';
import type { World } from '../world.ts';
import type { Scene } from './stage.ts';

type Doc = { _id: string; [field: string]: unknown };

/** What the database and the providers' own records say, past every proxy. */
export class Books {
  private readonly world: World;
  private readonly client: mongoose.mongo.MongoClient;

  private constructor(world: World, client: mongoose.mongo.MongoClient) {
    this.world = world;
    this.client = client;
  }

  static async open(world: World): Promise<Books> {
    return new Books(world, await mongoose.mongo.MongoClient.connect(world.mongoUri));
  }

  close(): Promise<void> {
    return this.client.close();
  }

  collection(name: string): mongoose.mongo.Collection<Doc> {
    return this.client.db().collection<Doc>(name);
  }

  /** Is nothing of the scene on its way any more? */
  async settled(scene: Scene): Promise<boolean> {
    const deaf = this.world.lines
      .filter(({ connector }) => !connector.manifest.capabilities.deliveryReceipts)
      .map(({ channelId }) => channelId);
    const open = await this.collection('inbound').findOne({ state: { $in: ['new', 'working'] } });
    if (open) return false;
    const conversations = await this.conversations(scene);
    const messages = await this.collection('messages')
      .find({ conversationId: { $in: conversations.map(({ _id }) => _id) } })
      .toArray();
    return messages.every((message) => {
      const delivery = message.delivery as { state: string; nextAt: Date | null } | null;
      if (!delivery || ['delivered', 'read', 'failed'].includes(delivery.state)) return true;
      if (delivery.state === 'unknown') return delivery.nextAt === null;
      return delivery.state === 'sent' && deaf.includes(String(message.channelId));
    });
  }

  /** All conversations of the scene's people, whoever they are by now. */
  async conversations(scene: Scene): Promise<Doc[]> {
    const identities = await this.collection('identities')
      .find({ _id: { $in: scene.identities } })
      .toArray();
    return this.collection('conversations')
      .find({ customerId: { $in: identities.map((identity) => identity.customerId) } })
      .toArray();
  }

  /** How many there are of what no deed may make twice, nor leave behind. */
  async census(): Promise<Record<string, number>> {
    return {
      customers: await this.collection('customers').countDocuments({}),
      conversations: await this.collection('conversations').countDocuments({}),
      parked: await this.collection('inbound').countDocuments({ state: 'parked' }),
      failed: await this.collection('inbound').countDocuments({ state: 'failed' }),
    };
  }

  /** What is left of the scene, without ids, numbers and times. */
  async outcome(scene: Scene, before: Record<string, number>, results: string[]): Promise<string> {
    const after = await this.census();
    const named = new Map(Object.entries(scene.texts).map(([name, text]) => [text, name]));
    const rows = [];
    const conversations = await this.conversations(scene);
    for (const conversation of conversations) {
      const inside = await this.collection('messages')
        .find({ conversationId: conversation._id, kind: { $ne: 'event' } })
        .toArray();
      rows.push(
        JSON.stringify({
          status: conversation.status,
          waits: conversation.waitingSince !== null,
          undelivered: conversation.undelivered,
          messages: inside
            .map((message) => {
              const delivery = message.delivery as { state: string } | null;
              const words = [named.get(String(message.text)) ?? String(message.direction)];
              if (delivery) words.push(delivery.state);
              if (message.editedAt) words.push('edited');
              if (message.deletedAt) words.push('deleted');
              return words.join(' ');
            })
            .sort(),
        }),
      );
    }
    const customerIds = [...new Set(conversations.map(({ customerId }) => String(customerId)))];
    const customers = await this.collection('customers')
      .find({ _id: { $in: customerIds } })
      .toArray();
    return JSON.stringify({
      results,
      made: Object.fromEntries(
        Object.entries(after).map(([what, count]) => [what, count - (before[what] ?? 0)]),
      ),
      customers: customers.length,
      active: customers.filter((customer) => (customer.active as { main: string | null }).main).length,
      conversations: rows.sort(),
      sent: this.sent(named),
    });
  }

  /** Our messages of the scene in the order in which their provider got them. */
  private sent(named: Map<string, string>): string[] {
    return this.world.lines.flatMap(({ simulator }) =>
      simulator
        .messages()
        .filter((message) => message.direction === 'toCustomer')
        .flatMap((message) => named.get(message.text) ?? []),
    );
  }

  /** What does not hold of all the data there is. */
  async invariants(): Promise<string[]> {
    const connection = await connectDatabase(this.world.mongoUri);
    try {
      return await checkInvariants(createModels(connection));
    } finally {
      await connection.close();
    }
  }
}
