import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatedVisitor } from '../../connectors/webchat/simulator.visitor.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { type Agent, type AgentSocket, messageOf } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { until } from '../../test/world.ts';
import { commit } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';

let app: TestApp;
let agent: Agent;
let desk: AgentSocket;
let site: string;

beforeAll(async () => {
  app = await startTestApp();
  agent = app.admin;
  desk = await agent.socket();
  const channel = await agent.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: { name: 'Shop', visitorsPerHour: 100_000 },
  });
  site = String(channel.settings['site']);
});
afterAll(() => app?.end());

/** What the two sides do, and what the network does to the visitor's. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('write', 'reply') },
  { weight: 2, arbitrary: fc.constantFrom('writeTwice', 'writeUnheard', 'drop', 'note', 'read', 'seen') },
  { weight: 2, arbitrary: fc.constantFrom('leave', 'connect', 'edit', 'takeBack', 'otherWindow') },
);
type Step = 'write' | 'reply' | 'writeTwice' | 'writeUnheard' | 'drop' | 'note' | 'read' | 'seen';
type Rare = 'leave' | 'connect' | 'edit' | 'takeBack' | 'otherWindow';

class Scene {
  readonly visitor = new SimulatedVisitor({ url: app.url, site });
  readonly window = new SimulatedVisitor({ url: app.url, site });
  conversationId = '';

  async open(): Promise<void> {
    const text = randomUUID();
    await this.visitor.begin();
    const heard = agent.heard(desk, (event) => messageOf(event, text) !== undefined, text);
    await this.visitor.write(text);
    this.conversationId = (await heard).conversationId;
    await this.visitor.connected();
  }

  async header(): Promise<Conversation> {
    const path = `/api/conversations/${this.conversationId}`;
    return (await agent.call<{ header: Conversation }>('GET', path)).header;
  }

  async take(what: Step | Rare): Promise<unknown> {
    const { visitor } = this;
    const id = randomUUID();
    switch (what) {
      case 'write':
        return visitor.write(`written ${id}`, { id });
      case 'writeTwice':
        return Promise.all([visitor.write(`twice ${id}`, { id }), visitor.write(`twice ${id}`, { id })]);
      case 'writeUnheard':
        return visitor.writeUnheard(`unheard ${id}`, { id });
      case 'reply':
        return agent.reply(await this.header(), `reply ${id}`, { id });
      case 'note':
        return agent.call('POST', `/api/conversations/${this.conversationId}/messages`, {
          id,
          kind: 'note',
          text: 'a note',
          fileIds: [],
          lastSeenSeq: 0,
        });
      case 'read': {
        const { seq } = await this.header();
        return agent.call('PUT', `/api/conversations/${this.conversationId}/read`, { seq });
      }
      case 'edit':
        return this.change({ text: `edited ${id}`, editedAt: new Date() });
      case 'takeBack':
        return this.change({ text: '', deletedAt: new Date() });
      case 'drop':
        return visitor.dropSocket();
      case 'seen':
        return visitor.seen();
      case 'leave':
        return visitor.leave();
      case 'connect':
        return visitor.connect();
      case 'otherWindow':
        this.window.token = visitor.token;
        await this.window.begin();
        return this.window.connect();
    }
  }

  /** As a provider's edit or deletion would: of any message of the conversation that the visitor sees. */
  private async change(set: Partial<MessageDoc>): Promise<void> {
    const { context } = app;
    await commit(context, async (tx) => {
      const { session, models } = tx;
      const messages = await models.messages
        .find({ conversationId: this.conversationId, visitorSeq: { $gt: 0 }, deletedAt: null }, null, {
          session,
        })
        .sort({ visitorSeq: 1 })
        .lean<MessageDoc[]>();
      const message = messages[Math.floor(messages.length / 2)];
      const conversation = await models.conversations
        .findById(this.conversationId, null, { session, lean: true })
        .exec();
      if (!message || !conversation) return;
      await tx.raise(conversation, {});
      await tx.change(message, { set });
    });
  }

  /** Nothing is on its way any more. */
  async settle(): Promise<void> {
    const { messages, inbound } = app.context.models;
    await until('everything to leave and to be taken in', async () => {
      const waiting = await messages.exists({
        conversationId: this.conversationId,
        'delivery.state': { $in: ['queued', 'sending'] },
      });
      return !waiting && !(await inbound.exists({ state: { $in: ['new', 'working'] } }));
    });
  }

  close(): void {
    this.visitor.leave();
    this.window.leave();
  }
}

it('what a visitor sees, after whatever happened to their connection, is what a fresh session says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const scene = new Scene();
      try {
        await scene.open();
        for (const what of steps) await scene.take(what as Step | Rare);
        await scene.settle();
        const fresh = new SimulatedVisitor({ url: app.url, site });
        fresh.token = scene.visitor.token;
        const session = await fresh.begin();
        for (const visitor of [scene.visitor, ...(scene.window.token ? [scene.window] : [])]) {
          await visitor.connected();
          await until('the visitor to have caught up', () => visitor.cursor === session.seq);
          expect(visitor.shown()).toEqual(fresh.shown());
        }
        expect(session.messages.some(({ text }) => text === 'a note')).toBe(false);
        const seqs = session.messages.map(({ seq }) => seq);
        expect(new Set(seqs).size).toBe(seqs.length);
        expect(Math.max(...seqs)).toBe(session.seq);
      } finally {
        scene.close();
      }
    }),
    { numRuns: 15 },
  );
});
