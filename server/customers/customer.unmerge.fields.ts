import { entryKey, fieldOf, isSame, withValue } from './customer.merge.fields.ts';
import type { CustomerDoc, LinkDoc, TakenField } from './customer.model.ts';

/** What of the customers and of the journal is otherwise once a merge is taken back. */
export interface FieldsBack {
  customers: Map<string, CustomerDoc>;
  /** Merges whose `taken` is otherwise. */
  links: Map<string, TakenField[]>;
}

/**
 * Gives back what a merge took: every field that still has the value it was given returns to what stood there before; one that was edited
 * since stays. What came of it further up, in merges of merges, follows; what a later merge laid over it is what that one lays bare when
 * it is taken back in its turn.
 *
 * Pure. @param options.links every merge that holds among these customers, the one that is taken back included
 */
export function fieldsBack(options: {
  link: LinkDoc;
  links: readonly LinkDoc[];
  customers: readonly CustomerDoc[];
}): FieldsBack {
  const customers = new Map(options.customers.map((one) => [one._id, one]));
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
      if (isSame(laid.before, now)) rewrite(over, field, { ...laid, before: former });
      return;
    }
    const customer = customers.get(at.survivorId);
    if (!customer || !isStill(fieldOf(customer, field), now)) return;
    write(customer, field, former);
    const above = up(customer._id);
    const took = above && entryOf(above, field);
    if (!above || !took || !('after' in took) || !isSame(took.after, now)) return;
    rewrite(above, field, { ...took, after: former });
    giveBack(above, field, value);
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
  return changed;
}

/** As it was given. An address that a channel has since given a name is no edit. */
function isStill(is: unknown, given: unknown): boolean {
  const source = (value: unknown) => (value as { nameSource?: string } | null)?.nameSource;
  return isSame(is, given) || (source(given) === 'address' && source(is) === 'channel');
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
