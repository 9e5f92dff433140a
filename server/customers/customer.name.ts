import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { asciiDigits, normalise, searchTokens, withoutBidiControls } from '../../shared/text/normalise.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { Context } from '../context.ts';
import { Again, commit } from '../messages/commit.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { factsDue } from './facts.due.ts';

const maxTokens = 80;
const maxTokenLength = 60;
const nameLength = 120;

/** A name as it is kept: one line, nothing that reorders text, not endless. */
export function cleanName(name: string): string {
  return withoutBidiControls(name).replace(/\s+/g, ' ').trim().slice(0, nameLength);
}

/** What a customer is found by: words of the name, numbers in every way of dialling them, addresses with their parts. */
export function customerTokens(
  name: string,
  identities: readonly Pick<IdentityDoc, 'value' | 'display'>[],
): string[] {
  const tokens = new Set(searchTokens(name));
  for (const { value, display } of identities) {
    for (const token of [...addressTokens(value), ...addressTokens(display)]) tokens.add(token);
  }
  return [...tokens].map((token) => token.slice(0, maxTokenLength)).slice(0, maxTokens);
}

function addressTokens(text: string): string[] {
  const plain = normalise(text);
  if (!plain) return [];
  if (/^\+?[\d\s()-]{3,}$/.test(plain)) return numberTokens(plain);
  if (plain.startsWith('@')) return [plain, plain.slice(1)];
  const [local, domain] = plain.split('@');
  return domain && local ? [plain, local, domain] : searchTokens(plain);
}

/** `+98912…`, `98912…`, `0912…` and `912…`; other countries with and without the plus. */
function numberTokens(text: string): string[] {
  const digits = text.replace(/\D/g, '');
  const e164 = parsePhone(text)?.e164;
  if (!e164) return [digits];
  const full = e164.slice(1);
  const national = full.startsWith('98') ? full.slice(2) : null;
  return [e164, full, ...(national ? [`0${national}`, national] : [])];
}

/** The words of what somebody typed into a search box: a number in any spelling is one word. */
export function queryTokens(query: string): string[] {
  const digits = asciiDigits(query).trim();
  if (/^\+?[\d\s().-]{3,}$/.test(digits)) {
    const plain = digits.replace(/[^\d+]/g, '').replace(/^00/, '+');
    return plain.replace('+', '') ? [plain] : [];
  }
  return searchTokens(query).slice(0, 8);
}

/** An agent's word on a name: no channel overwrites it. @throws AppError forbidden, notFound */
export async function renameCustomer(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; name: string },
): Promise<CustomerDoc> {
  if (!may(viewer, 'customer.read') || !may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not rename customers.' });
  const name = cleanName(options.name);
  if (!name)
    throw new AppError({ code: 'invalid', message: 'A name must not be empty.', fields: { name: 'empty' } });
  return commit(ctx, async (tx) => {
    const { session } = tx;
    const customer = await tx.models.customers
      .findById(options.customerId, null, { session })
      .lean<CustomerDoc>();
    if (!customer || customer.mergedInto)
      throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
    const identities = await tx.models.identities
      .find({ customerId: customer._id }, { value: 1, display: 1 }, { session })
      .lean<IdentityDoc[]>();
    const after = await tx.models.customers
      .findOneAndUpdate(
        { _id: customer._id, mergedInto: null },
        {
          $set: { name, nameSource: 'agent', tokens: customerTokens(name, identities) },
          $inc: { version: 1 },
        },
        { session, returnDocument: 'after' },
      )
      .lean<CustomerDoc>();
    if (!after) throw new Again(`customer ${customer._id} was linked into another`);
    await factsDue(tx, customer._id);
    tx.emit('customer.changed', { customerId: customer._id });
    return after;
  });
}
