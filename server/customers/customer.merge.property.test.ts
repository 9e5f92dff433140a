import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { MergeSide } from '../../shared/merge.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import { type Random, seeded, seedsOf, shuffled } from '../../test/random.ts';
import { Stating, unasked } from '../../test/stated.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { bringBack } from '../conversations/conversation.bring.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { reopenConversation } from '../conversations/conversation.reopen.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { snoozeConversation } from '../conversations/conversation.snooze.ts';
import { splitConversation } from '../conversations/conversation.split.ts';
import { checkInvariants } from '../db/invariants.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { writeNote } from '../messages/note.ts';
import { reply } from '../messages/reply.ts';
import { mergeByAgent } from './customer.merge.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from './customer.model.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import { updateCustomer } from './profile.service.ts';

/** MERGE_SEED=N plays that one alone, MERGE_ROUNDS=N the first N. */
const seeds = seedsOf('MERGE', 4);
const steps = 35;
const tenDays = 10 * 86_400_000;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };

let ctx: TestContext;
let ahead = 0;

beforeAll(async () => {
  ctx = await createTestContext({
    connectors: { plain, unasked },
    now: () => new Date(Date.now() + ahead),
  });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  ahead = 0;
});

/** Four people, one of whom is known by two addresses; what is said in it, and by which identity. */
class World {
  readonly random: Random;
  readonly channels: ChannelDoc[] = [];
  readonly senders = [
    person('1001', { name: 'Sara Example' }),
    person('+989121234567', { kind: 'mobile', display: '+989121234567' }),
    person('2002', { name: 'Omid Example' }),
    person('+989127654321', { kind: 'mobile', display: '+989127654321', name: 'Nima Example' }),
  ];
  /** Message → whose customer it is, when all is apart. */
  readonly said = new Map<string, string>();
  readonly homes = new Map<string, string>();
  /** Customer → the name they began with. */
  readonly names = new Map<string, string>();
  /** To whom an agent gave another. */
  readonly renamed = new Set<string>();
  readonly log: string[] = [];
  stating: Stating | null = null;
  private count = 0;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.random() * list.length)];
  }

  async begin(): Promise<void> {
    for (let n = 0; n < 2; n += 1)
      this.channels.push(await ctx.addChannel({ connector: 'plain', accountRef: 'plain' }));
    for (const sender of this.senders) await this.write(sender);
    // A second address of the first one.
    const proof = { kind: 'mobile' as const, value: '+989120000000', display: '+989120000000' };
    const [first] = this.senders;
    if (!first) throw new Error('There is nobody.');
    await this.write(first, { proves: [{ ...proof, proof: 'sharedContact' }] });
    this.senders.push(person(proof.value, { kind: 'mobile', display: proof.display }));
    for (const identity of await ctx.models.identities.find({}).lean<IdentityDoc[]>())
      this.homes.set(identity._id, identity.homeCustomerId);
    for (const customer of await ctx.models.customers.find({}).lean<CustomerDoc[]>())
      this.names.set(customer._id, customer.name);
    const [channel] = this.channels;
    if (!channel) throw new Error('There is no channel.');
    await ctx.addChannel({ connector: 'unasked', accountRef: 'unasked' });
    this.stating = new Stating({ ...this, ctx, viewer: admin, channel });
    Object.assign(this.deeds, this.stating.deeds);
  }

  async write(sender = this.pick(this.senders), more: object = {}): Promise<void> {
    const channel = this.pick(this.channels);
    if (!sender || !channel) return;
    this.count += 1;
    const threadKey = this.random() < 0.3 ? `${sender.value}-b` : sender.value;
    await deliver(ctx, channel, [
      written(sender, `message ${this.count}`, { threadKey, at: ctx.now(), ...more }),
    ]);
  }

  roots(): Promise<CustomerDoc[]> {
    return ctx.models.customers.find({ mergedInto: null }).sort({ _id: 1 }).lean<CustomerDoc[]>().exec();
  }

  async conversation(
    filter: object = { status: { $ne: 'continued' } },
  ): Promise<ConversationDoc | undefined> {
    return this.pick(
      await ctx.models.conversations.find(filter).sort({ _id: 1 }).lean<ConversationDoc[]>().exec(),
    );
  }

  held(): Promise<LinkDoc[]> {
    return ctx.models.links.find({ undone: null }).sort({ _id: 1 }).lean<LinkDoc[]>().exec();
  }

  readonly deeds: Record<string, () => Promise<unknown>> = {
    write: () => this.write(),
    'write again': () => this.write(),
    merge: async () => {
      const [into, other] = shuffled(await this.roots(), this.random);
      if (!into || !other) return;
      const side: MergeSide = this.random() < 0.5 ? 'other' : 'survivor';
      const winners: Record<string, MergeSide> = this.random() < 0.7 ? { name: side } : {};
      await mergeByAgent(ctx, admin, { intoId: into._id, otherId: other._id, reason: 'drawn', winners });
    },
    unmerge: async () => {
      const link = this.pick(await this.held());
      if (link) await this.apart(link);
    },
    reply: async () => {
      const conversation = await this.conversation();
      const identity = this.pick(
        await ctx.models.identities
          .find({ customerId: conversation?.customerId ?? '' })
          .sort({ _id: 1 })
          .lean<IdentityDoc[]>(),
      );
      if (!conversation || !identity) return;
      const channelId = this.pick(identity.channelIds) ?? this.channels[0]?._id ?? '';
      await reply(ctx, admin, {
        conversationId: conversation._id,
        create: {
          id: ctx.uuid(),
          kind: 'message',
          text: 'a reply',
          fileIds: [],
          lastSeenSeq: 1_000_000,
          sendAnyway: true,
          target: { channelId, identityId: identity._id, threadKey: '' },
          thenResolve: this.random() < 0.2,
        },
      });
    },
    note: async () => {
      const conversation = await this.conversation();
      if (!conversation) return;
      await writeNote(ctx, admin, {
        conversationId: conversation._id,
        create: { id: ctx.uuid(), kind: 'note', text: 'a note', fileIds: [], lastSeenSeq: 0 },
      });
    },
    split: async () => {
      const conversation = await this.conversation();
      const message = this.pick(
        await ctx.models.messages
          .find({ conversationId: conversation?._id ?? '', direction: 'in' })
          .sort({ seq: 1 })
          .lean<MessageDoc[]>(),
      );
      if (!conversation || !message?.channelId || !message.identityId) return;
      const { channelId, identityId, threadKey } = message;
      await splitConversation(ctx, admin, {
        conversationId: conversation._id,
        split: { channelId, identityId, threadKey: threadKey ?? '' },
      });
    },
    'bring back': async () => {
      const conversation = await this.conversation({ splitFromId: { $ne: null } });
      if (conversation) await bringBack(ctx, admin, { conversationId: conversation._id });
    },
    resolve: async () => {
      const conversation = await this.conversation({ status: 'open' });
      if (conversation) await resolveConversation(ctx, admin, { conversationId: conversation._id });
    },
    reopen: async () => {
      const conversation = await this.conversation({ status: 'resolved' });
      if (conversation) await reopenConversation(ctx, admin, { conversationId: conversation._id });
    },
    snooze: async () => {
      const conversation = await this.conversation({ status: 'open' });
      if (!conversation) return;
      const until = new Date(ctx.now().getTime() + 3_600_000);
      await snoozeConversation(ctx, admin, { conversationId: conversation._id, until });
    },
    rename: async () => {
      if (this.random() < 0.7) return;
      const customer = this.pick(await this.roots());
      if (!customer) return;
      this.count += 1;
      this.renamed.add(customer._id);
      await updateCustomer(ctx, admin, {
        id: customer._id,
        change: { name: `Renamed ${this.count}` },
      });
    },
    // What is resolved for longer than three days is not opened again: what comes next begins a new one.
    'let days pass': async () => {
      if (this.random() < 0.4) ahead += tenDays;
    },
  };

  async apart(link: LinkDoc): Promise<void> {
    const customerId = (await ctx.models.customers.findById(link.mergedId).lean<CustomerDoc>())?._id ?? '';
    await unmergeByAgent(ctx, admin, { customerId, linkId: link._id });
  }

  /** A refusal is an answer; anything else is a fault. */
  async take(name: string): Promise<void> {
    this.log.push(name);
    try {
      await this.deeds[name]?.();
    } catch (error) {
      if (!(error instanceof AppError) || !['conflict', 'invalid', 'tooMany'].includes(error.code))
        throw error;
      this.log.push(`  (${error.reason ?? error.message})`);
    }
    const faults = await checkInvariants(ctx.models);
    if (faults.length) throw new Error([`after: ${this.log.join(' · ')}`, ...faults].join('\n'));
  }

  /** Who owns each thing that was said, as far as somebody said it. */
  async owners(): Promise<Map<string, string>> {
    const conversations = new Map(
      (await ctx.models.conversations.find({}).lean<ConversationDoc[]>()).map((one) => [one._id, one]),
    );
    const messages = await ctx.models.messages
      .find({ kind: 'message' })
      .sort({ _id: 1 })
      .lean<MessageDoc[]>();
    return new Map(
      messages.map((one) => [one._id, conversations.get(one.conversationId)?.customerId ?? 'nobody']),
    );
  }
}

for (let seed = seeds.first; seed <= seeds.last; seed += 1)
  it(`any sequence of merges, un-merges, messages, replies, splits and words on identities comes apart into what it was, and what arrived (seed ${seed})`, async () => {
    const world = new World(seed);
    // So few messages go in one transaction of an un-merge that many of them need several.
    ctx.movedAtOnce = seed % 2 ? 1 : 3;
    await world.begin();
    const names = Object.keys(world.deeds);
    const more = ['merge', 'merge', 'merge', 'merge', 'unmerge', 'write', 'write', 'reply', 'send a code'];
    const likely = [...names, ...more];
    for (let step = 0; step < steps; step += 1) await world.take(world.pick(likely) ?? 'write');

    const before = await world.owners();
    for (;;) {
      const link = world.pick(await world.held());
      if (!link) break;
      world.log.push(`apart ${link._id}`);
      await world.apart(link);
      const faults = await checkInvariants(ctx.models);
      if (faults.length) throw new Error([`after: ${world.log.join(' · ')}`, ...faults].join('\n'));
    }

    const told = world.log.join(' · ');
    const identities = await ctx.models.identities.find({}).sort({ _id: 1 }).lean<IdentityDoc[]>();
    expect(new Map(identities.map((one) => [one._id, one.customerId])), told).toEqual(
      new Map([...world.homes].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    const owners = await world.owners();
    expect([...owners.keys()], told).toEqual([...before.keys()]);
    const messages = await ctx.models.messages
      .find({ kind: 'message' })
      .sort({ _id: 1 })
      .lean<MessageDoc[]>();
    for (const message of messages)
      expect(owners.get(message._id), `${told}: ${message.text}`).toBe(
        world.homes.get(message.identityId ?? ''),
      );
    expect(await world.stating?.strayClaims(), told).toEqual([]);
    const inbound = messages.filter((one) => one.direction === 'in');
    expect(new Set(inbound.map((one) => one.text)).size, told).toBe(inbound.length);
    for (const customer of await world.roots()) {
      expect(customer.members, told).toEqual([customer._id]);
      if (!world.renamed.has(customer._id)) expect(customer.name, told).toBe(world.names.get(customer._id));
    }
    expect(await world.roots()).toHaveLength(world.names.size);
  }, 120_000);
