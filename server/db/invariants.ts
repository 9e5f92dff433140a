import { isActive } from '../../shared/conversation.ts';
import { isCallBack, isMissed } from '../calls/call.merge.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { hasLeft, undeliveredChange } from '../messages/delivery.ts';
import type { MessageDoc, PartDoc } from '../messages/message.model.ts';
import { isShown } from '../visitors/visitor.number.ts';
import { factsHold } from './invariants.facts.ts';
import { listeningHolds } from './invariants.listening.ts';
import { ownersHold } from './invariants.people.ts';
import { postsHold } from './invariants.posts.ts';
import { rewardsHold } from './invariants.rewards.ts';
import type { Models } from './models.ts';

/**
 * What must hold of the data at any moment between two commits, whatever happened before. Reads everything: for tests and for
 * `db -- check`, not for a running product.
 * @returns a sentence for each thing that does not hold; empty when all is well
 */
export async function checkInvariants(models: Models): Promise<string[]> {
  const conversations = new Map<string, ConversationDoc>();
  for await (const doc of models.conversations.find({}).sort({ _id: 1 }).lean<ConversationDoc[]>().cursor())
    conversations.set(doc._id, doc as ConversationDoc);
  const customers = new Map<string, CustomerDoc>();
  for await (const doc of models.customers.find({}).sort({ _id: 1 }).lean<CustomerDoc[]>().cursor())
    customers.set(doc._id, doc as CustomerDoc);

  return [
    ...(await messagesHold(models, conversations)),
    ...customersHold(customers, conversations),
    ...(await identitiesHold(models, customers)),
    ...(await ownersHold(models, customers, conversations)),
    ...(await partsHold(models)),
    ...(await visitorsHold(models)),
    ...(await bodiesHold(models)),
    ...(await postsHold(models)),
    ...(await factsHold(models, customers)),
    ...(await listeningHolds(models)),
    ...(await rewardsHold(models)),
  ];
}

async function messagesHold(models: Models, conversations: Map<string, ConversationDoc>): Promise<string[]> {
  const faults: string[] = [];
  const moved = new Map<string, number>();
  for (const tombstone of await models.tombstones
    .find({}, { conversationId: 1 })
    .lean<{ conversationId: string }[]>())
    moved.set(tombstone.conversationId, (moved.get(tombstone.conversationId) ?? 0) + 1);

  const apart = await models.links.exists({ undone: { $ne: null } });
  for (const conversation of conversations.values()) {
    const messages = await models.messages
      .find({ conversationId: conversation._id })
      .sort({ seq: 1 })
      .lean<MessageDoc[]>();
    const say = (what: string) => faults.push(`conversation ${conversation._id}: ${what}`);
    const gone = moved.get(conversation._id) ?? 0;
    const seqs = new Set(messages.map((message) => message.seq));
    if (seqs.size !== messages.length) say('two messages have one seq');
    const newest = messages.at(-1)?.seq ?? 0;
    if (newest > conversation.seq) say(`a message has seq ${newest}, above its own ${conversation.seq}`);
    // Its own messages may have left and come back, under new numbers: by a split, or by merges taken back.
    const split = messages.some((one) => ['split', 'broughtBack'].includes(one.event?.type ?? ''));
    if (!gone && !split && !apart && messages.length !== conversation.seq)
      say(`${messages.length} messages, and seq ${conversation.seq}: not dense`);
    if (messages.length !== conversation.messageCount)
      say(`${messages.length} messages, and messageCount ${conversation.messageCount}`);
    const told = messages.find((message) =>
      message.delivery?.pieces.some((piece) => hasLeft(piece.state) && piece.sealed?.told),
    );
    if (told) say(`message ${told._id} left, and what only its provider was to be told is still kept`);
    const ahead = messages.find((message) => message.version > conversation.version);
    if (ahead)
      say(`message ${ahead._id} has version ${ahead.version}, above its own ${conversation.version}`);
    faults.push(...headerHolds(conversation, messages));
  }

  for await (const doc of models.messages.find({}, { conversationId: 1 }).sort({ _id: 1 }).lean().cursor()) {
    const message = doc as unknown as Pick<MessageDoc, '_id' | 'conversationId'>;
    if (!conversations.has(message.conversationId))
      faults.push(`message ${message._id}: its conversation ${message.conversationId} does not exist`);
  }
  return faults;
}

function headerHolds(conversation: ConversationDoc, messages: MessageDoc[]): string[] {
  const faults: string[] = [];
  const say = (what: string) => faults.push(`conversation ${conversation._id}: ${what}`);
  const said = messages.filter((message) => message.kind !== 'event');
  const undelivered = said.filter(
    (message) => message.delivery && undeliveredChange('queued', message.delivery) === 1,
  ).length;
  if (undelivered !== conversation.undelivered)
    say(`undelivered is ${conversation.undelivered}, and ${undelivered} messages are`);
  const newestAt = Math.max(0, ...said.map((message) => message.at.getTime()));
  if (said.length && newestAt !== conversation.newestAt.getTime())
    say(
      `newestAt is ${conversation.newestAt.toISOString()}, and the newest message is of ${new Date(newestAt).toISOString()}`,
    );
  if (said.length && !conversation.preview) say('it has messages and no preview');
  if (conversation.preview && !messages.some((message) => message._id === conversation.preview?.messageId))
    say(`its preview is of message ${conversation.preview.messageId}, which is not in it`);
  const inbound = said.filter(
    (message) =>
      message.direction === 'in' && !message.imported && (message.kind !== 'call' || isMissed(message.call)),
  );
  const lastInbound = Math.max(0, ...inbound.map((message) => message.seq));
  if (inbound.length && lastInbound !== conversation.lastInboundSeq)
    say(`lastInboundSeq is ${conversation.lastInboundSeq}, and the last inbound message is ${lastInbound}`);
  if (conversation.waitingSince && !isActive(conversation.status))
    say(`it is ${conversation.status} and somebody waits in it`);
  const replied = said.filter(
    (message) =>
      message.direction === 'out' &&
      !message.sentElsewhere &&
      !message.automatic &&
      !message.letter?.forward &&
      (message.kind !== 'call' || isCallBack(message.call)),
  );
  const answered = Math.max(0, ...replied.map((message) => message.seq));
  const closed = Math.max(
    0,
    // What was resolved in a split-off conversation stays so when it is brought back.
    ...messages
      .filter((one) => ['resolved', 'broughtBack'].includes(one.event?.type ?? ''))
      .map((one) => one.seq),
  );
  if (
    conversation.status === 'open' &&
    !conversation.waitingSince &&
    lastInbound > Math.max(answered, closed)
  )
    say('an inbound message is unanswered and nobody waits');
  if ((conversation.status === 'continued') !== (conversation.successorId !== null))
    say(`it is ${conversation.status} and its successor is ${conversation.successorId}`);
  return faults;
}

/** What a visitor may see has a number of theirs, no two the same and none above the identity's; what they may not see has none. */
async function visitorsHold(models: Models): Promise<string[]> {
  const faults: string[] = [];
  const visitors = await models.identities.find({ kind: 'webVisitor' }).lean<IdentityDoc[]>();
  for (const { _id, visitorSeq = 0 } of visitors) {
    const taken = new Set<number>();
    for (const message of await models.messages.find({ identityId: _id }).lean<MessageDoc[]>()) {
      const number = message.visitorSeq;
      const say = (what: string) => faults.push(`message ${message._id} of visitor ${_id}: ${what}`);
      if (isShown(message) !== Boolean(number))
        say(number ? 'it is numbered and not shown' : 'it has no number');
      if (!number) continue;
      if (taken.has(number)) say(`its number ${number} is another’s`);
      if (number > visitorSeq) say(`its number ${number} is above the visitor’s, ${visitorSeq}`);
      taken.add(number);
    }
  }
  return faults;
}

function customersHold(
  customers: Map<string, CustomerDoc>,
  conversations: Map<string, ConversationDoc>,
): string[] {
  const faults: string[] = [];
  for (const customer of customers.values()) {
    const say = (what: string) => faults.push(`customer ${customer._id}: ${what}`);
    const main = customer.active.main;
    if (main && customer.mergedInto) say('it was linked into another and has an active conversation');
    if (main) {
      const conversation = conversations.get(main);
      if (!conversation) say(`its active conversation ${main} does not exist`);
      else if (conversation.customerId !== customer._id)
        say(`its active conversation ${main} is another customer’s`);
      else if (!isActive(conversation.status))
        say(`its active conversation ${main} is ${conversation.status}`);
    }
    if (!customer.members.includes(customer._id)) say('it is not among its own members');
    if (customer.mergedInto && !customers.has(customer.mergedInto)) say('it was linked into nobody');
  }
  for (const conversation of conversations.values()) {
    const owner = customers.get(conversation.customerId);
    const say = (what: string) => faults.push(`conversation ${conversation._id}: ${what}`);
    if (!owner) say(`its customer ${conversation.customerId} does not exist`);
    else if (owner.mergedInto) say(`its customer ${owner._id} was linked into ${owner.mergedInto}`);
    else if (
      isActive(conversation.status) &&
      owner.active.main !== conversation._id &&
      // Beside the active one live those that were split off, also when the thread they began with was split off again.
      !conversation.splitFromId
    )
      say(`it is ${conversation.status}, and its customer's active one is ${owner.active.main}`);
  }
  return faults;
}

async function identitiesHold(models: Models, customers: Map<string, CustomerDoc>): Promise<string[]> {
  const faults: string[] = [];
  for await (const doc of models.identities.find({}).sort({ _id: 1 }).lean<IdentityDoc[]>().cursor()) {
    const identity = doc as IdentityDoc;
    const owner = customers.get(identity.customerId);
    if (!owner) faults.push(`identity ${identity._id}: its customer ${identity.customerId} does not exist`);
    else if (owner.mergedInto)
      faults.push(`identity ${identity._id}: its customer ${owner._id} was linked into ${owner.mergedInto}`);
  }
  return faults;
}

async function partsHold(models: Models): Promise<string[]> {
  const faults: string[] = [];
  let batch: PartDoc[] = [];
  const check = async () => {
    const known = new Set(
      (
        await models.messages
          .find({ _id: { $in: batch.flatMap((part) => part.messageId ?? []) } }, { _id: 1 })
          .lean<{ _id: string }[]>()
      ).map((message) => message._id),
    );
    for (const part of batch) {
      if (part.messageId && !known.has(part.messageId))
        faults.push(`part ${part._id}: its message ${part.messageId} does not exist`);
      if (part.messageId && part.waiting.length)
        faults.push(
          `part ${part._id}: its message is known and ${part.waiting.join(', ')} still waits for it`,
        );
    }
    batch = [];
  };
  for await (const doc of models.parts.find({}).sort({ _id: 1 }).lean<PartDoc[]>().cursor()) {
    batch.push(doc as PartDoc);
    if (batch.length === 500) await check();
  }
  await check();
  return faults;
}

async function bodiesHold(models: Models): Promise<string[]> {
  const ids = async (
    model: { find(filter: object, projection: object): { lean(): PromiseLike<unknown> } },
    filter: object,
  ) => new Set(((await model.find(filter, { _id: 1 }).lean()) as { _id: string }[]).map(({ _id }) => _id));
  const bodies = await ids(models.bodies, {});
  const wholes = await ids(models.messages, { hasWhole: true });
  return [
    ...[...bodies].filter((id) => !wholes.has(id)).map((id) => `body ${id}: no message says that it has one`),
    ...[...wholes]
      .filter((id) => !bodies.has(id))
      .map((id) => `message ${id}: its whole body does not exist`),
  ];
}
