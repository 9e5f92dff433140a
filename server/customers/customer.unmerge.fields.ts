import { entryKey, fieldOf, isSame, type NameValue, nameOf, withValue } from './customer.merge.fields.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc, TakenField } from './customer.model.ts';
import type { Apart } from './customer.unmerge.read.ts';

/** What of the customers and of the journal is otherwise once a merge is taken back. */
export interface FieldsBack {
  customers: Map<string, CustomerDoc>;
  /** Merges whose `taken` is otherwise. */
  links: Map<string, TakenField[]>;
}

/**
 * Gives back what a merge took: every field that still has the value it was given returns to what stood there before; one that was edited
 * since stays. What came of it further up, in merges of merges, follows; what a later merge laid over it is what that one lays bare when
 * it is taken back in its turn. Last, a name that an identity gave goes with that identity: whoever had it on the other side, or in the
 * journal there, is known by an address of their own again.
 *
 * Pure. @param options.links every merge that holds among these people, the one that is taken back included
 */
export function fieldsBack(
  options: Pick<Apart, 'link' | 'people' | 'leaving' | 'identities' | 'sideOf'> & {
    links: readonly LinkDoc[];
  },
): FieldsBack {
  const customers = new Map(options.people.map((one) => [one._id, one]));
  const changed: FieldsBack = { customers: new Map(), links: new Map() };
  const links = options.links.filter((one) => one._id !== options.link._id);
  const takenOf = (link: LinkDoc): TakenField[] => changed.links.get(link._id) ?? link.taken ?? [];
  const entryOf = (link: LinkDoc, field: string) => takenOf(link).find((one) => one.field === field);
  const rewrite = (link: LinkDoc, field: string, to: TakenField | null) => {
    const others = takenOf(link).filter((one) => one.field !== field);
    changed.links.set(link._id, to ? [...others, to] : others);
  };
  const write = (customer: CustomerDoc, field: string, value: unknown) => {
    const after = withValue(customer, field, value);
    customers.set(after._id, after);
    changed.customers.set(after._id, after);
  };
  const up = (customerId: string) => links.find((one) => one.mergedId === customerId);
  const into = (customerId: string) =>
    links.filter((one) => one.survivorId === customerId).sort((a, b) => orderOf(a) - orderOf(b));

  function giveBack(at: LinkDoc, field: string, value: { now: unknown; former: unknown }): void {
    const { now, former } = value;
    const over = into(at.survivorId).find((one) => orderOf(one) > orderOf(at) && entryOf(one, field));
    const laid = over && entryOf(over, field);
    if (over && laid && 'before' in laid) {
      if (isStill(laid.before, now)) rewrite(over, field, { ...laid, before: former });
      return;
    }
    const customer = customers.get(at.survivorId);
    if (!customer) return;
    const is = fieldOf(customer, field);
    if (!isStill(is, now)) return;
    write(customer, field, former);
    const above = up(customer._id);
    const took = above && entryOf(above, field);
    if (!above || !took || !('after' in took) || !isSame(took.after, is)) return;
    rewrite(above, field, { ...took, after: former });
    giveBack(above, field, { now: is, former });
  }

  function takeOut(at: LinkDoc, field: string, entry: unknown): void {
    const key = entryKey(entry);
    const has = (list: unknown) => Array.isArray(list) && list.some((one) => entryKey(one) === key);
    const heir = into(at.survivorId).find((one) => {
      const other = customers.get(one.mergedId);
      return one._id !== at._id && other !== undefined && has(fieldOf(other, field));
    });
    if (heir) {
      const before = entryOf(heir, field);
      const added = before && 'added' in before ? before.added : [];
      rewrite(heir, field, { field, added: [...added.filter((one) => entryKey(one) !== key), entry] });
      return;
    }
    const customer = customers.get(at.survivorId);
    const list = customer && fieldOf(customer, field);
    if (!customer || !Array.isArray(list) || !has(list)) return;
    write(
      customer,
      field,
      list.filter((one) => entryKey(one) !== key),
    );
    const above = up(customer._id);
    const took = above && entryOf(above, field);
    if (!above || !took || !('added' in took) || !has(took.added)) return;
    const added = took.added.filter((one) => entryKey(one) !== key);
    rewrite(above, field, added.length ? { field, added } : null);
    takeOut(above, field, entry);
  }

  for (const one of takenIn(options.link, customers))
    if ('added' in one) for (const entry of one.added) takeOut(options.link, one.field, entry);
    else giveBack(options.link, one.field, { now: one.after, former: one.before });

  const nameAt = nameAfter(options);
  for (const one of customers.values()) {
    const name = nameAt(one._id, nameOf(one));
    if (name) write(one, 'name', name);
  }
  for (const link of links) {
    const entry = entryOf(link, 'name');
    if (!entry || !('before' in entry)) continue;
    const before = nameAt(link.mergedId, entry.before as NameValue);
    const after = nameAt(link.mergedId, entry.after as NameValue);
    if (before || after)
      rewrite(link, 'name', {
        ...entry,
        before: before ?? entry.before,
        after: after ?? entry.after,
      });
  }
  return changed;
}

/**
 * What becomes of a name on a customer's side once the sides are apart; null when nothing does. The same for all of a side, so that what
 * was taken of one another is still known to be; who leaves that side later loses it again to an address of theirs.
 */
function nameAfter({ identities, sideOf }: Pick<Apart, 'identities' | 'sideOf'>) {
  const sideOfIdentity = (one: IdentityDoc) => sideOf(one.homeCustomerId);
  // The one that we know longest: it is what they were called by. When it was proven may be long before, or after.
  const since = ({ knownAt, provenAt }: IdentityDoc) => (knownAt ?? provenAt).getTime();
  const oldest = [...identities].sort(
    (a, b) => since(a) - since(b) || a.provenAt.getTime() - b.provenAt.getTime() || (a._id < b._id ? -1 : 1),
  );
  return (customerId: string, { nameSource, nameFrom }: NameValue): NameValue | null => {
    const side = sideOf(customerId);
    const from = nameSource !== 'agent' && identities.find((one) => one._id === nameFrom);
    if (!from || sideOfIdentity(from) === side) return null;
    const own = oldest.find((one) => sideOfIdentity(one) === side);
    return own ? { name: own.display, nameSource: 'address', nameFrom: own._id } : null;
  };
}

/** As it was given. What a channel has since made of an address, or taken away, is no edit. */
function isStill(is: unknown, given: unknown): boolean {
  const source = (value: unknown) => (value as Partial<NameValue> | null)?.nameSource;
  return isSame(is, given) || (source(given) === 'address' && source(is) !== 'agent');
}

const orderOf = (link: LinkDoc): number => link.order ?? 0;

/** A merge of before this was kept took nothing but the name. */
function takenIn(link: LinkDoc, customers: ReadonlyMap<string, CustomerDoc>): readonly TakenField[] {
  if (link.order !== undefined) return link.taken ?? [];
  const merged = customers.get(link.mergedId);
  if (!merged || link.before.survivor.name === merged.name) return [];
  const before = { name: link.before.survivor.name, nameSource: 'channel' };
  return [{ field: 'name', before, after: { name: merged.name, nameSource: merged.nameSource } }];
}
