import type { ClientSession, UpdateQuery } from 'mongoose';
import type { DomainEvents } from '../bus.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { key } from '../db/key.ts';
import { owedAfter, owedOf, owedOfMoved, owedToSearch, seenByMore } from '../search/search.owed.ts';
import { isShown, numberForVisitors, showsChange } from '../visitors/visitor.number.ts';
import type { MessageDoc, TombstoneDoc } from './message.model.ts';

/** The deed met a state that another one changed meanwhile: it runs again from its first read. */
export class Again extends Error {
  constructor(why: string) {
    super(`run again: ${why}`);
    this.name = 'Again';
  }
}

/** Conflicts went on for longer than a caller should wait. */
export class Contended extends Error {
  constructor(cause: unknown) {
    super('Too many conflicting changes at once.', { cause });
    this.name = 'Contended';
  }
}

const patienceMs = 12_000;

/** Collections whose duplicate `_id` means that another node was first: the deed runs again and sees it. */
const keyed =
  /collection: \S+\.(inbound|identities|parts|routes|lanes|customers|reads|drafts|claims|conversations|messages|tombstones|bodies|records|names|facts|factsDue|consents|apiAnswers|verifications|posts|authors|mentions|hits|hitHours|spikes|advocatesDue|referralCodes|detractors|testimonials|rewards|rewardBalances|couponCodes)\b/;

/**
 * The one short transaction that a change is, run again on a conflict with jitter for at most twelve seconds, and announced after
 * it holds. Ids and random values are minted outside `deed`, which may run many times.
 *
 * One order of writes inside: identity, customer, conversation, parts, message, lane, inbound.
 */
export async function commit<T>(ctx: Context, deed: (tx: Tx) => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const session = await ctx.db.startSession();
    const tx = new Tx(ctx, session);
    try {
      session.startTransaction({
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority' },
        readPreference: 'primary',
      });
      const result = await deed(tx);
      await commitWithin(session, deadline);
      tx.announce();
      return result;
    } catch (error) {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      if (!shouldRunAgain(error)) throw error;
      if (Date.now() >= deadline) throw new Contended(error);
      await pause(Math.min(200, 4 * 2 ** Math.min(attempt, 6)) * ctx.random());
    } finally {
      await session.endSession();
    }
  }
}

/** An unknown outcome of the commit itself is asked again: committing twice is committing once. */
async function commitWithin(session: ClientSession, deadline: number): Promise<void> {
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!hasLabel(error, 'UnknownTransactionCommitResult') || Date.now() >= deadline) throw error;
    }
  }
}

function shouldRunAgain(error: unknown): boolean {
  if (error instanceof Again) return true;
  if (hasLabel(error, 'TransientTransactionError')) return true;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 11000 && keyed.test(String(message)) && String(message).includes('index: _id_');
}

function hasLabel(error: unknown, label: string): boolean {
  const labelled = error as { hasErrorLabel?: (label: string) => boolean };
  return typeof labelled?.hasErrorLabel === 'function' && labelled.hasErrorLabel(label);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Raised {
  conversation: ConversationDoc;
  channelIdsBefore: string[];
  messages: Map<string, MessageDoc | TombstoneDoc>;
  inserted: string[];
  nextSeq: number;
}

/** What a message needs from its deed; `seq` and `version` are given here. */
export type NewMessage = Omit<MessageDoc, 'seq' | 'version'>;

/** The inside of one commit: the only place that raises a conversation's version. */
export class Tx {
  readonly ctx: Context;
  readonly session: ClientSession;
  private readonly raised = new Map<string, Raised>();
  private readonly customers = new Map<string, CustomerDoc>();
  private readonly after: (() => void)[] = [];

  constructor(ctx: Context, session: ClientSession) {
    this.ctx = ctx;
    this.session = session;
  }

  get models() {
    return this.ctx.models;
  }

  /** Begins a conversation at version 1. `messages` is how many the commit will insert into it. */
  async begin(
    conversation: Omit<ConversationDoc, 'version' | 'seq' | 'messageCount'>,
    messages: number,
  ): Promise<ConversationDoc> {
    const doc: ConversationDoc = { ...conversation, version: 1, seq: messages, messageCount: messages };
    await this.models.conversations.insertMany([doc], { session: this.session, lean: true });
    this.note(doc, [], messages);
    return doc;
  }

  /**
   * Raises a conversation's version by one, once a commit, for the status and customer it was chosen for.
   * @param messages how many the commit will insert into it
   * @throws Again when it is no longer so
   */
  async raise(
    conversation: ConversationDoc,
    change: {
      set?: Partial<ConversationDoc>;
      inc?: Partial<Record<'undelivered', number>>;
      messages?: number;
      /** How many of its messages the commit will move away. */
      leaving?: number;
    },
  ): Promise<ConversationDoc> {
    if (this.raised.has(conversation._id))
      throw new Error(`Conversation ${conversation._id} was raised twice in one commit.`);
    const messages = change.messages ?? 0;
    const more = messages - (change.leaving ?? 0);
    const update: UpdateQuery<ConversationDoc> = {
      $inc: {
        version: 1,
        ...(messages ? { seq: messages } : {}),
        ...(more ? { messageCount: more } : {}),
        ...change.inc,
      },
    };
    if (change.set && Object.keys(change.set).length) update.$set = change.set;
    if (seenByMore(conversation, change.set)) update.$addToSet = owedToSearch;
    const after = await this.models.conversations
      .findOneAndUpdate(
        { _id: conversation._id, status: conversation.status, customerId: conversation.customerId },
        update,
        { session: this.session, returnDocument: 'after', lean: true },
      )
      .exec();
    if (!after) throw new Again(`conversation ${conversation._id} is no longer ${conversation.status}`);
    const doc = after as ConversationDoc;
    this.note(doc, conversation.channelIds, messages);
    return doc;
  }

  private note(conversation: ConversationDoc, channelIdsBefore: string[], messages: number): void {
    this.raised.set(conversation._id, {
      conversation,
      channelIdsBefore,
      messages: new Map(),
      inserted: [],
      nextSeq: conversation.seq - messages + 1,
    });
  }

  private of(conversationId: string): Raised {
    const raised = this.raised.get(conversationId);
    if (!raised)
      throw new Error(`Conversation ${conversationId} must be raised before its messages are written.`);
    return raised;
  }

  /** Inserts messages, in order, into a conversation raised for exactly as many. */
  async insert(messages: NewMessage[]): Promise<MessageDoc[]> {
    const docs = messages.map((message) => {
      const raised = this.of(message.conversationId);
      if (raised.nextSeq > raised.conversation.seq)
        throw new Error(`More messages than conversation ${message.conversationId} was raised for.`);
      const doc: MessageDoc = {
        ...message,
        seq: raised.nextSeq,
        version: raised.conversation.version,
        // An event's words are ours.
        ...(message.kind !== 'event' && { todo: owedOf(message) }),
      };
      raised.nextSeq += 1;
      raised.messages.set(doc._id, doc);
      raised.inserted.push(doc._id);
      return doc;
    });
    await numberForVisitors(this, docs.filter(isShown));
    // Lean: these are whole documents by their types; casting and validating each costs more than storing it.
    if (docs.length) await this.models.messages.insertMany(docs, { session: this.session, lean: true });
    return docs;
  }

  /**
   * Changes a message of a conversation raised in this commit.
   * @param filter what must still hold of it, e.g. the delivery's fence
   * @throws Again when it no longer does
   */
  async change(
    message: Pick<MessageDoc, '_id' | 'conversationId'>,
    update: { set: Partial<MessageDoc> & Record<string, unknown> },
    filter: Record<string, unknown> = {},
  ): Promise<MessageDoc> {
    const raised = this.of(message.conversationId);
    const after = await this.models.messages
      .findOneAndUpdate(
        { _id: message._id, conversationId: message.conversationId, ...filter },
        {
          $set: { ...update.set, version: raised.conversation.version },
          ...owedAfter(update.set),
        },
        { session: this.session, returnDocument: 'after', lean: true },
      )
      .exec();
    if (!after) throw new Again(`message ${message._id} changed`);
    const changed = after as MessageDoc;
    raised.messages.set(message._id, changed);
    if (!showsChange(changed, update.set)) return changed;
    await numberForVisitors(this, [changed]);
    await this.models.messages.updateOne(
      { _id: changed._id },
      { $set: { visitorSeq: changed.visitorSeq } },
      { session: this.session },
    );
    return changed;
  }

  /** Says more of a conversation raised in this commit: what only its messages, as they are now, can tell. */
  async amend(conversationId: string, set: Partial<ConversationDoc>): Promise<ConversationDoc> {
    const raised = this.of(conversationId);
    const after = await this.models.conversations
      .findOneAndUpdate(
        { _id: conversationId, version: raised.conversation.version },
        { $set: set, ...(seenByMore(raised.conversation, set) && { $addToSet: owedToSearch }) },
        { session: this.session, returnDocument: 'after', lean: true },
      )
      .exec();
    if (!after) throw new Again(`conversation ${conversationId} changed`);
    raised.conversation = after as ConversationDoc;
    return raised.conversation;
  }

  /**
   * Moves messages, in order, from one conversation into another: both raised in this commit, the second for as many. Each leaves a
   * tombstone where it was. One that is still to leave for its provider does so in its new lane: whoever held the old one has lost it.
   * @throws Again when one of them is no longer there
   */
  async move(messages: readonly MessageDoc[], from: string, to: string): Promise<void> {
    if (!messages.length) return;
    const source = this.of(from);
    const target = this.of(to);
    if (target.nextSeq + messages.length - 1 > target.conversation.seq)
      throw new Error(`More messages than conversation ${to} was raised for.`);
    const moved = messages.map((message): MessageDoc => {
      const doc: MessageDoc = {
        ...message,
        conversationId: to,
        seq: target.nextSeq,
        version: target.conversation.version,
        delivery: message.delivery && {
          ...message.delivery,
          fence: Math.min(0, message.delivery.fence) - 1,
        },
      };
      target.nextSeq += 1;
      target.messages.set(doc._id, doc);
      return doc;
    });
    const { modifiedCount } = await this.models.messages.bulkWrite(
      moved.map(({ _id, kind, direction, conversationId, seq, version, delivery }) => ({
        updateOne: {
          filter: { _id, conversationId: from },
          update: {
            $set: { conversationId, seq, version, ...(delivery && { 'delivery.fence': delivery.fence }) },
            $addToSet: owedOfMoved({ kind, direction }),
          },
        },
      })),
      { session: this.session },
    );
    if (modifiedCount !== moved.length) throw new Again(`messages of conversation ${from} changed`);
    const tombstones = messages.map(
      ({ _id }): TombstoneDoc => ({
        _id: key(from, _id),
        messageId: _id,
        conversationId: from,
        version: source.conversation.version,
        movedTo: to,
      }),
    );
    // One that comes back is not gone any more.
    await this.models.tombstones.deleteMany(
      { _id: { $in: messages.map(({ _id }) => key(to, _id)) } },
      { session: this.session },
    );
    await this.models.tombstones.insertMany(tombstones, { session: this.session, lean: true });
    for (const tombstone of tombstones) source.messages.set(tombstone.messageId, tombstone);
  }

  /** Whoever hears of this commit need not ask who this customer is. */
  knows(customer: CustomerDoc): void {
    this.customers.set(customer._id, customer);
  }

  /** Announces something else after the commit holds. */
  emit<E extends keyof DomainEvents>(event: E, payload: DomainEvents[E]): void {
    this.after.push(() => this.ctx.bus.emit(event, payload));
  }

  /** Public posts under which this commit changed something. */
  private postIds(): Set<string> {
    const written = [...this.raised.values()].flatMap(({ messages }) => [...messages.values()]);
    return new Set(written.flatMap((message) => ('postId' in message && message.postId) || []));
  }

  /** @internal called by `commit`, after it held. */
  announce(): void {
    for (const { conversation, channelIdsBefore, messages, inserted } of this.raised.values()) {
      this.ctx.bus.emit('conversation.changed', {
        conversation,
        customer: this.customers.get(conversation.customerId),
        channelIdsBefore,
        messages: [...messages.values()],
        inserted,
      });
    }
    for (const postId of this.postIds()) this.ctx.bus.emit('post.changed', { postId });
    for (const emit of this.after) emit();
  }
}
