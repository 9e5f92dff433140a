import { randomUUID } from 'node:crypto';
import { connectDatabase } from '../../server/db/connect.ts';
import { checkInvariants } from '../../server/db/invariants.ts';
import { createModels } from '../../server/db/models.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import { type Line, until, type World } from '../world.ts';
import { type Deed, type Found, inDatabase, settled } from './deeds.ts';

interface Person {
  line: Line;
  peer: string;
  texts: string[];
}

/** Two people who wrote on two channels; they are made one, or are one and come apart again with what each wrote since. */
export class Merging implements Deed {
  private readonly world: World;
  private readonly people: readonly [Person, Person];
  private readonly undo: boolean;
  private customerIds: string[] = [];
  private linkId: string | null = null;
  private posted: Promise<unknown> = Promise.resolve();

  private constructor(world: World, people: readonly [Person, Person], undo: boolean) {
    this.world = world;
    this.people = people;
    this.undo = undo;
  }

  /**
   * @param options.nth peers that nobody was before
   * @param options.most how many messages one transaction of an un-merge moves: what arrives while they are one is more
   */
  static async prepare(
    world: World,
    options: { nth: number; undo: boolean; most: number },
  ): Promise<Merging> {
    const [first, second] = ['sms', 'telegram'].map((id): Person => {
      const line = world.lines.find((each) => each.connector.manifest.id === id);
      if (!line) throw new Error(`no channel ${id}`);
      return { line, peer: line.simulator.peer(options.nth), texts: [] };
    });
    if (!first || !second) throw new Error('no people');
    const deed = new Merging(world, [first, second], options.undo);
    const begun: string[] = [];
    for (const person of deed.people) {
      const id = await deed.write(person);
      begun.push(id);
      deed.customerIds.push((await deed.header(id)).customerId);
    }
    if (options.undo) {
      deed.linkId = (await deed.merge()).linkId;
      // Whose conversation went on in the other's: what they write is what will have to move.
      const guest = (await deed.write(first)) === begun[0] ? second : first;
      for (let n = 0; n < options.most; n += 1) await deed.write(guest);
      // Only what is answered goes ahead of the rest.
      await deed.answer(guest);
      for (const person of deed.people) await deed.write(person);
    }
    await settled(world);
    return deed;
  }

  private async write(person: Person): Promise<string> {
    const text = `${this.undo ? 'apart' : 'one'} ${randomUUID()}`;
    person.texts.push(text);
    await person.line.simulator.customerWrites({ peer: person.peer, name: 'Chaos', text });
    const message = await until(`"${text}" on a timeline`, () =>
      inDatabase(this.world, (db) =>
        db.collection<{ _id: string; conversationId: string }>('messages').findOne({ text }),
      ),
    );
    return message.conversationId;
  }

  /** It goes where they go to whom it is written. */
  private async answer(person: Person): Promise<void> {
    const conversation = await this.header(await this.write(person));
    const text = `answered ${randomUUID()}`;
    person.texts.push(text);
    await this.world.agent.reply(conversation, text);
    // While it is on its way nothing comes apart.
    await until(`"${text}" to be sent`, () =>
      inDatabase(this.world, (db) =>
        db.collection('messages').findOne({ text, 'delivery.state': { $nin: ['queued', 'sending'] } }),
      ),
    );
  }

  private async header(id: string): Promise<Conversation> {
    const path = `/api/conversations/${id}`;
    return (await this.world.agent.call<{ header: Conversation }>('GET', path)).header;
  }

  private merge(): Promise<{ linkId: string | null }> {
    const [into, otherId] = this.customerIds;
    const body = { otherId, reason: 'one person' };
    return this.world.agent.call('POST', `/api/customers/${into}/merge`, body);
  }

  private post(): Promise<unknown> {
    if (!this.undo) return this.merge();
    const [root] = this.customerIds;
    return this.world.agent.call('POST', `/api/customers/${root}/unmerge`, { linkId: this.linkId });
  }

  async begin(): Promise<void> {
    // Killed in mid-request, it fails; the agent presses again in `verify`.
    this.posted = this.post().catch((error: unknown) => {
      if (error instanceof AppError && error.code !== 'internal' && error.code !== 'unavailable') throw error;
    });
    this.posted.catch(() => undefined);
  }

  finish(): Promise<unknown> {
    return this.posted;
  }

  async deliveryState(): Promise<null> {
    return null;
  }

  async verify(): Promise<Found> {
    const broken = [...(await this.broken()), ...(await this.left())];
    await this.post();
    await settled(this.world);
    broken.push(...(await this.broken()));
    let [lost, duplicated] = [0, 0];
    for (const [n, person] of this.people.entries()) {
      const owner = this.customerIds[this.undo ? n : 0] ?? '';
      const shown = await this.shownOf(owner);
      for (const text of person.texts) {
        const times = shown.filter((one) => one === text).length;
        lost += times ? 0 : 1;
        duplicated += Math.max(0, times - 1);
      }
      const others = this.people.filter((one) => one !== person).flatMap((one) => one.texts);
      if (this.undo && others.some((text) => shown.includes(text)))
        broken.push(`customer ${owner} has the other’s messages`);
    }
    const held = await inDatabase(this.world, (db) =>
      db.collection('links').countDocuments({ mergedId: { $in: this.customerIds }, undone: null }),
    );
    if (held !== (this.undo ? 0 : 1)) broken.push(`${held} merges hold`);
    return {
      lost,
      duplicated,
      unknown: 0,
      illegal: broken.length > 0,
      text: broken.length ? broken.join('; ') : `${this.undo ? 'apart' : 'one'} with all messages`,
    };
  }

  /** What a kill leaves: two people, or one of whom nothing is missing. */
  private async left(): Promise<string[]> {
    if (!this.undo) return [];
    const held = await inDatabase(this.world, (db) =>
      db.collection<{ _id: string }>('links').findOne({ _id: this.linkId ?? '', undone: null }),
    );
    const owners = this.people.map((_, n) => this.customerIds[held ? 0 : n] ?? '');
    const broken: string[] = [];
    for (const [n, person] of this.people.entries()) {
      const shown = await this.shownOf(owners[n] ?? '');
      for (const text of person.texts)
        if (shown.filter((one) => one === text).length !== 1)
          broken.push(`before it went on “${text}” was not once with ${owners[n]}`);
    }
    return broken;
  }

  private async shownOf(customerId: string): Promise<string[]> {
    const { messages } = await this.world.agent.timeline(customerId);
    return messages.map((message) => message.text);
  }

  private async broken(): Promise<string[]> {
    const connection = await connectDatabase(this.world.mongoUri);
    try {
      return await checkInvariants(createModels(connection));
    } finally {
      await connection.close();
    }
  }
}
