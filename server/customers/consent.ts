import { may, type Viewer } from '../../shared/access.ts';
import type { Customer } from '../../shared/customer.ts';
import type { ChannelKind, ConsentPut } from '../../shared/profile.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { ConsentDoc, ConsentWord } from './consent.model.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import { factsDue } from './facts.due.ts';
import { consentsHeld } from './facts.profile.ts';
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
  const { _id: customerId } = await readableCustomer(ctx, viewer, options.id);
  const editor: Editor = { by: 'agent', byUserId: viewer.id, minted: ctx.uuid() };
  await commit(ctx, (tx) =>
    putConsentWithin(tx, { customerId, kind: options.kind, put: options.put, editor }),
  );
  return getCustomer(ctx, viewer, customerId);
}

/** The same word again, from the same source with the same evidence, is no news. */
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
  if (held && held.state === put.state && held.evidence === put.evidence && held.source === put.source)
    return;
  const at = tx.ctx.now();
  const word: ConsentWord = { ...put, at, byUserId: editor.byUserId };
  const written = await models.customers.updateOne(
    { _id: customer._id, mergedInto: null, version: customer.version },
    { $inc: { version: 1 } },
    { session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customer._id} changed`);
  const own = said.find((one) => one.customerId === customer._id);
  await models.consents.updateOne(
    { _id: key(customer._id, kind) },
    {
      $set: { history: [word, ...(own?.history ?? [])].slice(0, mostWords) },
      $setOnInsert: { customerId: customer._id, kind },
    },
    { session, upsert: true },
  );
  await models.edits.insertMany(
    [
      {
        _id: key(editor.minted, 'consents', kind),
        customerId: customer._id,
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
