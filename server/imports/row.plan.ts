import type { ClientSession } from 'mongoose';
import type { ImportKind, ImportMapping, ImportProblem } from '../../shared/import.ts';
import type { Context } from '../context.ts';
import { homeOf } from '../customers/customer.home.ts';
import { isSame } from '../customers/customer.merge.fields.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { identityId } from '../customers/identity.ts';
import { type Value, valueAt } from '../customers/profile.values.ts';
import { key } from '../db/key.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { recordId, type SaidRecord } from '../records/record.put.ts';
import { Foreseen, nameMark } from './row.foreseen.ts';
import type { Unit } from './row.lines.ts';
import {
  type Owned,
  type RowProblem,
  type Sight,
  sharedContact,
  telling,
  type Who,
  whoIs,
} from './row.who.ts';

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
  /** Of one who is to be made, by this row or an earlier one: their place among those. */
  place: number | null;
  /** Where what the row says hangs: the home of who is named, or of the identity that they were found by. */
  homeId: string | null;
  /** Identities that nobody has yet. */
  add: Unit['identities'];
  /** Contact points that stay somebody else's, and that the customer of the row is newly said to have. */
  claims: Owned[];
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
  /** `customer kind`: those who have an identity of a kind, of whom that is asked. */
  kinds: Set<string>;
  /** By any CID, its survivor. */
  customers: Map<string, CustomerDoc>;
  records: Map<string, RecordDoc>;
}

interface Reading extends PlanOptions {
  session?: ClientSession;
  foreseen: Foreseen;
}

/**
 * What a few rows would do, by what is known now: the same in a dry run and in the transaction that then does it. Of rows that belong
 * to one customer, or are one record, at most one may be among them.
 *
 * @param options.foreseen in a dry run: what all the rows before come to
 */
export async function planOf(
  models: Context['models'],
  units: readonly Unit[],
  options: PlanOptions & { session?: ClientSession; foreseen?: Foreseen },
): Promise<Plan[]> {
  const reading = { ...options, foreseen: options.foreseen ?? new Foreseen() };
  const known = await read(models, units, reading);
  const plans = units.map((unit) => {
    const plan = planUnit(unit, known, reading);
    foresee(plan, reading.foreseen);
    return plan;
  });
  return withNewClaims(models, plans, reading);
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
  { session, foreseen, ...options }: Reading,
): Promise<Known> {
  const within = session ? { session } : {};
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
  for (const id of ids) {
    const owner = foreseen.ownerOf(id);
    if (typeof owner === 'string') wanted.add(owner);
  }
  const customers = new Map<string, CustomerDoc>();
  for (let asked = [...wanted]; asked.length; ) {
    const some = await models.customers.find({ _id: { $in: asked } }, null, within).lean<CustomerDoc[]>();
    for (const customer of some) customers.set(customer._id, customer);
    asked = some.flatMap(({ mergedInto }) => (mergedInto && !customers.has(mergedInto) ? [mergedInto] : []));
  }
  const records = recordIds.length
    ? await models.records.find({ _id: { $in: recordIds } }, null, within).lean<RecordDoc[]>()
    : [];
  const owners = new Map(found.map((owner) => [owner._id, owner]));
  const doubtful = good.some((unit) => isDoubtful(unit, owners)) ? [...customers.keys()] : [];
  const held = doubtful.length
    ? await models.identities
        .find(
          { customerId: { $in: doubtful }, kind: { $in: [...telling] } },
          { customerId: 1, kind: 1 },
          within,
        )
        .lean<Pick<IdentityDoc, '_id' | 'customerId' | 'kind'>[]>()
    : [];
  return {
    owners,
    kinds: new Set(held.map(({ customerId, kind }) => `${customerId} ${kind}`)),
    customers,
    records: new Map(records.map((record) => [record._id, record])),
  };
}

/** Whoever is found may be somebody else: the row says more of them than is known, or is of several. */
function isDoubtful({ identities }: Unit, owners: ReadonlyMap<string, Owner>): boolean {
  const owned = identities.map((one) => owners.get(identityId(one))?.customerId);
  return new Set(owned).size > 1 || identities.some(({ kind }, at) => telling.includes(kind) && !owned[at]);
}

function sightOf(known: Known, foreseen: Foreseen): Sight {
  const nameOf = (who: Who) => {
    const customer = typeof who === 'string' ? known.customers.get(who) : null;
    return customer && customer.nameSource !== 'address' ? nameMark(customer.name) : 0;
  };
  return {
    ownerOf: (id) => known.owners.get(id)?.customerId ?? foreseen.ownerOf(id),
    has: (who, kind) => known.kinds.has(`${who} ${kind}`) || foreseen.has(who, kind),
    isCalled: (who, name) => {
      const theirs = foreseen.nameOf(who) ?? nameOf(who);
      return name && theirs ? nameMark(name) === theirs : null;
    },
  };
}

function survivor(known: Known, id: string): CustomerDoc | null {
  let customer = known.customers.get(id) ?? null;
  for (let step = 0; customer?.mergedInto && step < 100; step += 1)
    customer = known.customers.get(customer.mergedInto) ?? null;
  return customer;
}

function planUnit(unit: Unit, known: Known, options: Reading): Plan {
  const plan: Plan = {
    unit,
    problems: [...unit.problems],
    skip: false,
    make: false,
    customer: null,
    place: null,
    homeId: null,
    add: [],
    claims: [],
    values: [],
    said: null,
    before: null,
  };
  if (plan.problems.length) return plan;
  const told = unit.cid ? survivor(known, unit.cid) : null;
  if (unit.cid && !told) return fail(plan, noSuchCid(unit.cid));
  const sight = sightOf(known, options.foreseen);
  const { who, by, others, refused, problem } = whoIs(unit, sight, told?._id ?? null);
  if (problem) return fail(plan, problem);
  plan.customer = typeof who === 'string' ? survivor(known, who) : null;
  plan.homeId =
    plan.customer &&
    homeOf(plan.customer, { cid: unit.cid, identity: by && known.owners.get(identityId(by)) });
  plan.add = unit.identities.filter((identity) => sight.ownerOf(identityId(identity)) === null);
  plan.claims = others;
  if (who === null) {
    // Whom a purchase is of is not made beside one who has their mobile or e-mail.
    if (refused && options.kind !== 'customers') return fail(plan, refused);
    if (options.mapping.unknown === 'skip') return { ...plan, skip: true, claims: [] };
    plan.make = true;
  }
  plan.place = who === null ? options.foreseen.make() : typeof who === 'number' ? who : null;
  return options.kind === 'customers' ? planCustomer(plan, options) : planRecord(plan, known, options);
}

/** Later rows see what this one comes to. */
function foresee(plan: Plan, foreseen: Foreseen): void {
  const { unit, said, add } = plan;
  if (plan.problems.length || plan.skip) return;
  if (said?.externalId && !foreseen.isFirst(said.id)) {
    plan.problems.push({ column: null, ...repeated(said.externalId) });
    return;
  }
  const who = plan.customer?._id ?? plan.place;
  if (who === null) return;
  const named = plan.make || plan.values.some(({ field }) => field === 'name');
  if (plan.make || add.length || named) foreseen.give(who, { identities: add, name: named ? unit.name : '' });
}

/** Of what each is said to have, leaves what nobody said of them before; with nothing else to do there is nothing to do. */
async function withNewClaims(
  models: Context['models'],
  plans: Plan[],
  { kind, session, foreseen }: Reading,
): Promise<Plan[]> {
  const wanted = plans.filter(
    (plan) => plan.claims.length && !plan.problems.length && (plan.make || kind === 'customers'),
  );
  const idsOf = (plan: Plan, { identity }: Owned) =>
    (plan.customer?.members ?? []).map((cid) => key(cid, identity.kind, identity.value));
  const ids = wanted.flatMap((plan) => plan.claims.flatMap((one) => idsOf(plan, one)));
  const found = ids.length
    ? await models.claims
        .find({ _id: { $in: ids } }, { _id: 1 }, session ? { session } : {})
        .lean<Pick<ClaimDoc, '_id'>[]>()
    : [];
  const said = new Set(found.map(({ _id }) => _id));
  for (const plan of plans) {
    const who = plan.customer?._id ?? plan.place;
    const isNew = (one: Owned) =>
      who !== null &&
      !idsOf(plan, one).some((id) => said.has(id)) &&
      foreseen.isNewClaim(who, identityId(one.identity));
    plan.claims = wanted.includes(plan) ? plan.claims.filter(isNew) : [];
    if (plan.claims.length) plan.skip = false;
  }
  return plans;
}

/** What is to be known of a row that is brought in all the same. */
export function notesOf(plan: Plan): ImportProblem[] {
  return plan.problems.length ? [] : plan.claims.map((one) => ({ column: null, ...sharedContact(one) }));
}

function planCustomer(plan: Plan, { mapping }: PlanOptions): Plan {
  const { unit, customer } = plan;
  const values = unit.name ? [{ field: 'name', value: unit.name }, ...unit.values] : unit.values;
  if (!customer && plan.make) return { ...plan, values: unit.values };
  if (mapping.known === 'skip') return { ...plan, skip: true, add: [], claims: [] };
  // The customer of an earlier row, of whom is known what that row says.
  if (!customer) return mapping.known === 'update' ? { ...plan, values } : plan;
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

function fail(plan: Plan, problem: RowProblem): Plan {
  return { ...plan, add: [], claims: [], values: [], problems: [{ column: null, ...problem }] };
}

const noSuchCid = (cid: string) => ({
  code: 'noCustomer' as const,
  target: 'cid',
  value: cid,
  message: `There is no customer ${cid}.`,
  right: 'The number of a customer who is there; leave it empty for somebody new.',
});

const repeated = (number: string) => ({
  code: 'repeated' as const,
  target: 'externalId',
  value: number.slice(0, 100),
  message: `The number ${number.slice(0, 100)} stands on an earlier row too.`,
  right:
    'Each number once; where each line of a purchase is a row, say so in the mapping and keep its rows together.',
});
