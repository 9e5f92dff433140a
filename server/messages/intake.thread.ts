import type { InboundMessage } from '../../connectors/connector.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { identityId } from '../customers/identity.ts';
import type { Tx } from './commit.ts';
import type { MessageDoc, PartDoc } from './message.model.ts';
import { partId } from './parts.ts';

/** Which thread a message belongs to, and what it answers. */
export interface Threaded {
  threadKey: string;
  inReplyTo: string | null;
  /** A conversation of another customer, which it answers too or instead. */
  relatedId: string | null;
  /** Parts whose messages, should they still come, would say it better. */
  waitsFor: string[];
}

/** More are looked up for nobody: the nearest, and the root. */
const mostReferences = 30;

/** Waited for are so many of the nearest that are not here. */
const mostWaits = 5;

/** The parts of what a message answers or follows, the nearest first. */
export function referenceParts(event: InboundMessage, scope: string): string[] {
  const given = event.references ?? (event.inReplyTo ? [event.inReplyTo] : []);
  const others = [...new Set(given)].filter((id) => !event.externalIds.includes(id));
  const root = others.slice(mostReferences - 1).at(-1);
  return [...others.slice(0, mostReferences - 1), ...(root ? [root] : [])].map((id) => partId(scope, id));
}

/**
 * The first reference that is a message of the sender's own gives thread and quotation. One of another customer's, nearer than that, is
 * somebody else's talk which the sender was copied in on: it becomes a link and opens nothing.
 * @param known parts already read, `references` among them
 */
export async function threadOf(
  tx: Tx,
  options: { event: InboundMessage; references: readonly string[]; known: readonly PartDoc[] },
): Promise<Threaded> {
  const { event, references, known } = options;
  const threaded: Threaded = { threadKey: event.threadKey, inReplyTo: null, relatedId: null, waitsFor: [] };
  if (!references.length) return threaded;
  const messageIds = new Map(known.map((part) => [part._id, part.messageId]));
  const found = await talkOf(
    tx,
    references.flatMap((id) => messageIds.get(id) ?? []),
  );
  const owner = found.size ? await ownerOf(tx, identityId(event.sender)) : null;
  for (const id of references) {
    const messageId = messageIds.get(id);
    const message = messageId && found.get(messageId);
    if (!message) {
      if (threaded.waitsFor.length < mostWaits) threaded.waitsFor.push(id);
      continue;
    }
    if (owner && message.customerId === owner) {
      // A connector without references only quotes: its threads are what it says.
      if (event.references) threaded.threadKey = message.threadKey ?? event.threadKey;
      threaded.inReplyTo = message._id;
      break;
    }
    // Under a post people answer each other: its thread says so.
    if (event.visibility !== 'public') threaded.relatedId ??= message.conversationId;
  }
  return threaded;
}

type Said = Pick<MessageDoc, '_id' | 'conversationId' | 'threadKey' | 'identityId'> & {
  /** Whose it is by now. */
  customerId: string | null;
};

async function talkOf(tx: Tx, messageIds: readonly string[]): Promise<Map<string, Said>> {
  if (!messageIds.length) return new Map();
  const { session, models } = tx;
  const messages = await models.messages
    .find({ _id: { $in: [...messageIds] } }, { conversationId: 1, threadKey: 1, identityId: 1 }, { session })
    .lean<Omit<Said, 'customerId'>[]>();
  const identities = await models.identities
    .find(
      { _id: { $in: [...new Set(messages.flatMap((message) => message.identityId ?? []))] } },
      { customerId: 1 },
      { session },
    )
    .lean<Pick<IdentityDoc, '_id' | 'customerId'>[]>();
  const owners = new Map(identities.map((identity) => [identity._id, identity.customerId]));
  return new Map(
    messages.map((message) => [
      message._id,
      { ...message, customerId: owners.get(message.identityId ?? '') ?? null },
    ]),
  );
}

async function ownerOf(tx: Tx, id: string): Promise<string | null> {
  const identity = await tx.models.identities
    .findById(id, { customerId: 1 }, { session: tx.session })
    .lean<Pick<IdentityDoc, 'customerId'>>();
  return identity?.customerId ?? null;
}
