import { may, type Viewer } from '../../shared/access.ts';
import { type Customer, reachedAs } from '../../shared/customer.ts';
import type { ChannelKind, ConsentPut } from '../../shared/profile.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { mayNot } from '../users/user.create.ts';
import type { ConsentDoc, ConsentWord } from './consent.model.ts';
import { homeOf } from './customer.home.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import { factsDue } from './facts.due.ts';
import { consentsHeld, isSameWord } from './facts.profile.ts';
import { type Editor, existing } from './profile.change.ts';

/** What is said after this many words on one kind of channel drops the oldest. */
const mostWords = 100;

/** Somebody agreed to hear from us on a kind of channel, or took it back. @throws AppError forbidden, notFound */
export async function putConsent(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; kind: ChannelKind; put: ConsentPut },
): Promise<Customer> {
  if (!may(viewer, 'customer.write')) throw mayNot('change customers');
  const { id: customerId } = options;
  const { _id } = await readableCustomer(ctx, viewer, customerId);
  const editor: Editor = { by: 'agent', byUserId: viewer.id, minted: ctx.uuid() };
  await commit(ctx, (tx) =>
    putConsentWithin(tx, { customerId, kind: options.kind, put: options.put, editor }),
  );
  return getCustomer(ctx, viewer, _id);
}

/**
 * Kept with whom it is of when merges are taken back: whose message it was said in; else whom it was said of. The same word again, from
 * the same source with the same evidence, is no news.
 */
export async function putConsentWithin(
  tx: Tx,
  options: { customerId: string; kind: ChannelKind; put: ConsentPut; editor: Editor },
): Promise<void> {
  const { kind, put, editor } = options;
  const { session, models } = tx;
  const customer = await existing(tx, options.customerId);
  const said = await models.consents
    .find({ customerId: { $in: customer.members }, kind }, null, { session })
    .lean<ConsentDoc[]>();
  const [held] = consentsHeld(said).get(kind) ?? [];
  const of = await whoseWord(tx, { ...options, customer, said });
  const again = (word: ConsentWord | undefined) =>
    word && word.state === put.state && word.evidence === put.evidence && word.source === put.source;
  const newest = (customerId: string) => said.find((one) => one.customerId === customerId)?.history[0];
  if (again(held) && of.every((id) => again(newest(id)))) return;
  const at = tx.ctx.now();
  const word: ConsentWord = { ...put, at, byUserId: editor.byUserId };
  const written = await models.customers.updateOne(
    { _id: customer._id, mergedInto: null, version: customer.version },
    { $inc: { version: 1 } },
    { session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customer._id} changed`);
  for (const customerId of of) {
    const own = said.find((one) => one.customerId === customerId);
    await models.consents.updateOne(
      { _id: key(customerId, kind) },
      {
        $set: { history: [word, ...(own?.history ?? [])].slice(0, mostWords) },
        $setOnInsert: { customerId, kind },
      },
      { session, upsert: true },
    );
  }
  await models.edits.insertMany(
    [
      {
        _id: key(editor.minted, 'consents', kind),
        customerId: of[0] ?? customer._id,
        at,
        by: editor.by,
        byUserId: editor.byUserId,
        field: `consents.${kind}`,
        before: held?.state ?? null,
        after: put.state,
        undoes: null,
      },
    ],
    { session },
  );
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
}

/**
 * Who of those merged have the word, the first of them by the one rule of homes. A withdrawal of which no message says whose it is holds
 * for each of them who has an address of that kind; what takes it back, for the same ones.
 */
async function whoseWord(
  tx: Tx,
  of: {
    customer: CustomerDoc;
    customerId: string;
    kind: ChannelKind;
    put: ConsentPut;
    said: readonly ConsentDoc[];
  },
): Promise<string[]> {
  const { customer, customerId, kind, put, said } = of;
  const { session, models } = tx;
  const identities = await models.identities
    .find({ customerId: customer._id }, { kind: 1, homeCustomerId: 1 }, { session })
    .lean<Pick<IdentityDoc, '_id' | 'kind' | 'homeCustomerId'>[]>();
  const message =
    put.messageId &&
    (await models.messages
      .findById(put.messageId, { identityId: 1 }, { session })
      .lean<Pick<MessageDoc, '_id' | 'identityId'>>());
  const identity = message ? identities.find(({ _id }) => _id === message.identityId) : undefined;
  if (identity) return [homeOf(customer, { identity })];
  const home = homeOf(customer, { cid: customerId });
  if (put.state === 'withdrawn') {
    const reached = identities.filter((one) => reachedAs(one.kind) === kind);
    return [...new Set([home, ...reached.map((one) => homeOf(customer, { identity: one }))])];
  }
  const own = said.find((one) => one.customerId === home)?.history[0];
  const alike = said.filter(({ history: [word] }) => own && word && isSameWord(word, own));
  return [...new Set([home, ...alike.map((one) => one.customerId)])];
}
