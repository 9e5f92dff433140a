import type { ClientSession } from 'mongoose';
import type { ImportKind, ImportMapping, ImportProblem } from '../../shared/import.ts';
import type { Context } from '../context.ts';
import { homeOf } from '../customers/customer.home.ts';
import { isSame } from '../customers/customer.merge.fields.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { identityId } from '../customers/identity.ts';
import { type Value, valueAt } from '../customers/profile.values.ts';
import { key } from '../db/key.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { recordId, type SaidRecord } from '../records/record.put.ts';
import type { Unit } from './row.lines.ts';

/** What bringing a row in would do. */
export interface Plan {
  unit: Unit;
  problems: ImportProblem[];
  /** There is nothing to do: it is so already, or the mapping says to leave it. */
  skip: boolean;
  /** A customer whom nobody knows yet, with all that the row says of them. */
  make: boolean;
  /** Who it is of: a survivor; null where a customer is to be made. */
  customer: CustomerDoc | null;
  /** Where what the row says hangs: the home of who is named, or of the identity that they were found by. */
  homeId: string | null;
  /** Identities that nobody has yet. */
  add: Unit['identities'];
  /** What of the profile would be other than it is. */
  values: Value[];
  said: Omit<SaidRecord, 'customerId'> | null;
  /** The record as it is. */
  before: RecordDoc | null;
}

export interface PlanOptions {
  importId: string;
  kind: ImportKind;
  mapping: ImportMapping;
}

type Owner = Pick<IdentityDoc, '_id' | 'customerId' | 'homeCustomerId'>;

interface Known {
  owners: Map<string, Owner>;
  /** By any CID, its survivor. */
  customers: Map<string, CustomerDoc>;
  records: Map<string, RecordDoc>;
}

/**
 * What a few rows would do, by what is known now: the same in a dry run and in the transaction that then does it. Of rows that belong
 * to one customer, or are one record, at most one may be among them.
 */
export async function planOf(
  models: Context['models'],
  units: readonly Unit[],
  options: PlanOptions & { session?: ClientSession },
): Promise<Plan[]> {
  const known = await read(models, units, options);
  return units.map((unit) => planUnit(unit, known, options));
}

/** The id of the record that a row is. */
export function recordIdOf(unit: Unit, options: Pick<PlanOptions, 'importId' | 'kind'>): string | null {
  if (options.kind === 'customers' || !unit.record) return null;
  const { externalId } = unit.record;
  return externalId ? recordId(kindOf(options), externalId) : key('row', options.importId, unit.row);
}

const kindOf = ({ kind }: Pick<PlanOptions, 'kind'>) => (kind === 'services' ? 'service' : 'purchase');

async function read(
  models: Context['models'],
  units: readonly Unit[],
  options: PlanOptions & { session?: ClientSession },
): Promise<Known> {
  const within = options.session ? { session: options.session } : {};
  const good = units.filter((unit) => !unit.problems.length);
  const ids = good.flatMap((unit) => unit.identities.map(identityId));
  const recordIds = good.flatMap((unit) => recordIdOf(unit, options) ?? []);
  const found = ids.length
    ? await models.identities
        .find({ _id: { $in: ids } }, { customerId: 1, homeCustomerId: 1 }, within)
        .lean<Owner[]>()
    : [];
  const wanted = new Set(good.flatMap((unit) => unit.cid ?? []));
  for (const { customerId } of found) wanted.add(customerId);
  const customers = new Map<string, CustomerDoc>();
  for (let asked = [...wanted]; asked.length; ) {
    const some = await models.customers.find({ _id: { $in: asked } }, null, within).lean<CustomerDoc[]>();
    for (const customer of some) customers.set(customer._id, customer);
    asked = some.flatMap(({ mergedInto }) => (mergedInto && !customers.has(mergedInto) ? [mergedInto] : []));
  }
  const records = recordIds.length
    ? await models.records.find({ _id: { $in: recordIds } }, null, within).lean<RecordDoc[]>()
    : [];
  return {
    owners: new Map(found.map((owner) => [owner._id, owner])),
    customers,
    records: new Map(records.map((record) => [record._id, record])),
  };
}

function survivor(known: Known, id: string): CustomerDoc | null {
  let customer = known.customers.get(id) ?? null;
  for (let step = 0; customer?.mergedInto && step < 100; step += 1)
    customer = known.customers.get(customer.mergedInto) ?? null;
  return customer;
}

function planUnit(unit: Unit, known: Known, options: PlanOptions): Plan {
  const plan: Plan = {
    unit,
    problems: [...unit.problems],
    skip: false,
    make: false,
    customer: null,
    homeId: null,
    add: [],
    values: [],
    said: null,
    before: null,
  };
  if (plan.problems.length) return plan;
  const owned = unit.identities.flatMap((identity) => known.owners.get(identityId(identity)) ?? []);
  const told = unit.cid ? survivor(known, unit.cid) : null;
  if (unit.cid && !told) return fail(plan, noSuchCid(unit.cid));
  const owners = new Set([...owned.map(({ customerId }) => customerId), ...(told ? [told._id] : [])]);
  if (owners.size > 1) return fail(plan, severalOwners([...owners]));
  const [ownerId] = owners;
  plan.customer = ownerId ? survivor(known, ownerId) : null;
  plan.homeId = plan.customer && homeOf(plan.customer, { cid: unit.cid, identity: owned[0] });
  plan.add = unit.identities.filter((identity) => !known.owners.has(identityId(identity)));
  if (!plan.customer) {
    if (options.mapping.unknown === 'skip') return { ...plan, skip: true };
    plan.make = true;
  }
  return options.kind === 'customers' ? planCustomer(plan, options) : planRecord(plan, known, options);
}

function planCustomer(plan: Plan, { mapping }: PlanOptions): Plan {
  const { unit, customer } = plan;
  const values = unit.name ? [{ field: 'name', value: unit.name }, ...unit.values] : unit.values;
  if (!customer) return { ...plan, values: unit.values };
  if (mapping.known === 'skip') return { ...plan, skip: true, add: [] };
  const isEmpty = (field: string) =>
    field === 'name' ? customer.nameSource === 'address' : valueAt(customer, field) === null;
  const others = values.filter(
    ({ field, value }) =>
      !isSame(valueAt(customer, field), value) && (mapping.known === 'update' || isEmpty(field)),
  );
  return { ...plan, values: others, skip: !others.length && !plan.add.length };
}

function planRecord(plan: Plan, known: Known, options: PlanOptions): Plan {
  const { record } = plan.unit;
  const id = recordIdOf(plan.unit, options);
  if (!record || !id) throw new Error(`Row ${plan.unit.row} has neither a record nor a problem.`);
  const before = known.records.get(id) ?? null;
  if (before?.source.by === 'import' && before.source.id === options.importId)
    return fail(plan, repeated(record.externalId ?? ''));
  return {
    ...plan,
    // What a purchase says of somebody who is known already is not theirs to change.
    add: plan.make ? plan.add : [],
    said: { id, kind: kindOf(options), externalId: record.externalId, put: record.put },
    before,
  };
}

function fail(plan: Plan, problem: Omit<ImportProblem, 'column'>): Plan {
  return { ...plan, add: [], values: [], problems: [{ column: null, ...problem }] };
}

const noSuchCid = (cid: string) => ({
  code: 'noCustomer' as const,
  target: 'cid',
  value: cid,
  message: `There is no customer ${cid}.`,
  right: 'The number of a customer who is there; leave it empty for somebody new.',
});

export const severalOwners = (cids: string[]) => ({
  code: 'severalCustomers' as const,
  target: null,
  value: cids.join(', ').slice(0, 100),
  message: `What stands in this row belongs to several customers: ${cids.join(', ')}.`,
  right: 'If they are one person, merge them first; else correct the row.',
  data: { cids },
});

export const repeated = (number: string) => ({
  code: 'repeated' as const,
  target: 'externalId',
  value: number.slice(0, 100),
  message: `The number ${number.slice(0, 100)} stands on an earlier row too.`,
  right:
    'Each number once; where each line of a purchase is a row, say so in the mapping and keep its rows together.',
});
