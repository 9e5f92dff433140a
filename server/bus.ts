import { EventEmitter } from 'node:events';
import type { ChangedList } from '../shared/events.ts';
import type { Illness } from '../shared/illness.ts';
import type { ConversationDoc } from './conversations/conversation.model.ts';
import type { CustomerDoc } from './customers/customer.model.ts';
import type { MessageDoc, TombstoneDoc } from './messages/message.model.ts';

/**
 * What happened, in the past tense, after it held. The bus only wakes and announces: whatever must not be lost is in the
 * database, and sweeps find it there.
 */
export interface DomainEvents {
  /** One a commit and conversation. `channelIdsBefore`: who saw it before must hear of it too. */
  'conversation.changed': {
    conversation: ConversationDoc;
    /** Whose it is, where the commit has read them. */
    customer?: CustomerDoc | undefined;
    messages: (MessageDoc | TombstoneDoc)[];
    /** Ids of those among them that this commit began. */
    inserted: string[];
    channelIdsBefore: string[];
  };
  'customer.changed': { customerId: string };
  /** What facts are derived from changed: their worker has something to do. */
  'facts.due': { customerIds: string[] };
  /** Facts of these customers were derived anew, or are gone because the customer was merged into another. */
  'facts.changed': { customerIds: string[] };
  /** What customers are compared by changed: duplicates are to be looked for anew. */
  'compare.due': { customerIds: string[] };
  /** What scores of advocates are derived from changed: their worker has something to do. */
  'advocates.due': Record<string, never>;
  /** Somebody with reach spoke against us in public, for the first time today. */
  'detractor.spoke': { id: string };
  /** Records of a customer changed, by hand or by a program; a table that is imported says so itself. */
  'history.changed': { customerId: string };
  'import.changed': { importId: string };
  'draft.changed': { userId: string; conversationId: string; mode: 'reply' | 'note' };
  'read.changed': { userId: string; conversationId: string; seq: number };
  'customer.typing': { conversationId: string };
  /** A visitor of the web chat came to the page or left it. */
  'customer.online': { conversationId: string };
  /** An agent writes a reply. */
  'agent.typing': { conversationId: string; userId: string };
  /** What the visitor of this identity sees of these messages changed; each bears its new number. */
  'visitor.changed': { identityId: string; messages: MessageDoc[] };
  'channel.changed': { channelId: string };
  /** Something ails it since then, and somebody has to be told. `days`: until its permission ends. */
  'channel.ill': { channelId: string; ill: Illness; since: Date; days?: number };
  /** A public post, or something said under it. */
  'post.changed': { postId: string };
  /** Something that was said about us came, changed or was taken away: saved searches have something to look at. */
  'mention.changed': { mentionId: string };
  /** What saved searches found is other than before. */
  'hits.changed': { searchIds: string[] };
  /** A saved search is far above its usual. */
  'spike.began': { spikeId: string };
  'channelTest.changed': { testId: string };
  /** A list changed that clients hold whole. `userId`: it concerns this person alone. */
  'lists.changed': { list: ChangedList; userId: string | null };
  /** Permissions, activity or sessions of a user changed. */
  'user.changed': { userId: string };
  /** Raw events were stored, or released from parking. */
  'inbound.stored': { ids: string[] };
  /** A lane has something to send. */
  'lane.touched': { conversationId: string; channelId: string };
}

export interface Bus {
  emit<E extends keyof DomainEvents>(event: E, payload: DomainEvents[E]): void;
  on<E extends keyof DomainEvents>(event: E, listener: (payload: DomainEvents[E]) => void): () => void;
}

/** @param onError a listener that threw; the others still hear. */
export function createBus(onError: (event: string, error: unknown) => void): Bus {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    emit(event, payload) {
      for (const listener of emitter.listeners(event)) {
        try {
          listener(payload);
        } catch (error) {
          onError(event, error);
        }
      }
    },
    on(event, listener) {
      emitter.on(event, listener);
      return () => emitter.off(event, listener);
    },
  };
}
