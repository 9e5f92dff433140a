import type { ImportOutcome } from '../../shared/import.ts';
import { emptyProfile } from '../../shared/profile.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { cleanName, customerTokens } from '../customers/customer.name.ts';
import type { EditDoc } from '../customers/edit.model.ts';
import { factsDueOf } from '../customers/facts.due.ts';
import { stateWithin } from '../customers/identity.add.ts';
import { identityId, neverSeen } from '../customers/identity.ts';
import { applyValues } from '../customers/profile.change.ts';
import { withValue } from '../customers/profile.values.ts';
import { key } from '../db/key.ts';
import { Again, type Tx } from '../messages/commit.ts';
import { putRecordsWithin } from '../records/record.put.ts';
import type { ImportDeed, ImportRowDoc } from './import.model.ts';
import type { Unit } from './row.lines.ts';
import { notesOf, type Plan, type PlanOptions, planOf } from './row.plan.ts';

export interface ApplyOptions extends PlanOptions {
  /** The administrator whose import it is. */
  byUserId: string;
  /** For customers who may have to be made, one a row; minted outside the transaction. */
  cids: readonly string[];
}

export interface Applied {
  rows: ImportRowDoc[];
  counts: Record<ImportOutcome, number>;
  /** Rows that were brought in with something to be known of them. */
  noted: number;
  /** Customers made. */
  customers: number;
}

/** Brings a few rows in, within one commit, and writes down what each of them did: done together, or not at all. */
export async function applyWithin(tx: Tx, units: readonly Unit[], options: ApplyOptions): Promise<Applied> {
  const plans = await planOf(tx.models, units, { ...options, session: tx.session });
  const deeds: ImportDeed[][] = plans.map(() => []);
  const holders = await makeCustomers(tx, plans, deeds, options);
  for (const [at, plan] of plans.entries())
    if (plan.customer && !plan.skip && options.kind === 'customers')
      await changeCustomer(tx, { plan, deeds: deeds[at] ?? [], options });
  for (const [at, plan] of plans.entries()) await claim(tx, { plan, deeds: deeds[at] ?? [], holders });
  const same = await putRecords(tx, { plans, deeds, holders, options });

  const applied: Applied = {
    rows: [],
    counts: { made: 0, updated: 0, skipped: 0, failed: 0 },
    noted: 0,
    customers: plans.filter(isMade).length,
  };
  for (const [at, plan] of plans.entries()) {
    const outcome = outcomeOf(plan, same.has(at));
    applied.counts[outcome] += 1;
    // Nothing became of it: the count is all that is to be known.
    if (outcome === 'skipped') continue;
    applied.rows.push({
      _id: key(options.importId, 'run', plan.unit.row),
      importId: options.importId,
      phase: 'run',
      row: plan.unit.row,
      outcome,
      problems: plan.problems,
      deeds: deeds[at] ?? [],
    });
    const note = noteOf(plan, { importId: options.importId, phase: 'run' });
    if (note) applied.rows.push(note);
    if (note) applied.noted += 1;
  }
  if (applied.rows.length)
    await tx.models.importRows.insertMany(applied.rows, { session: tx.session, lean: true });
  return applied;
}

/** What is to be known of a row that is brought in, as it is kept; null where there is nothing. */
export function noteOf(plan: Plan, of: Pick<ImportRowDoc, 'importId' | 'phase'>): ImportRowDoc | null {
  const problems = notesOf(plan);
  if (!problems.length) return null;
  const { row } = plan.unit;
  return { _id: key(of.importId, of.phase, row, 'noted'), ...of, row, outcome: 'noted', problems, deeds: [] };
}

const isMade = (plan: Plan) => plan.make && !plan.problems.length && !plan.skip;

/** @param same the record said so already */
export function outcomeOf(plan: Plan, same: boolean): ImportOutcome {
  if (plan.problems.length) return 'failed';
  if (plan.skip || (same && !plan.make)) return 'skipped';
  if (plan.said) return plan.before ? 'updated' : 'made';
  return plan.make ? 'made' : 'updated';
}

/** @returns plan → the CID at which its record hangs */
async function makeCustomers(
  tx: Tx,
  plans: readonly Plan[],
  deeds: ImportDeed[][],
  options: ApplyOptions,
): Promise<Map<Plan, string>> {
  const holders = new Map<Plan, string>();
  /** By place: the next row of the same person is theirs. */
  const fresh = new Map<number, string>();
  const identities: IdentityDoc[] = [];
  const customers: CustomerDoc[] = [];
  const edits: EditDoc[] = [];
  for (const [at, plan] of plans.entries()) {
    if (plan.problems.length || plan.skip) continue;
    plan.claims = plan.claims.map(({ identity, owner }) => ({
      identity,
      owner: typeof owner === 'number' ? (fresh.get(owner) ?? owner) : owner,
    }));
    const known = plan.homeId ?? (plan.make || plan.place === null ? undefined : fresh.get(plan.place));
    if (known) holders.set(plan, known);
    if (!plan.make || plan.place === null) continue;
    const cid = options.cids[at];
    if (!cid) throw new Error('No CID was minted for a row.');
    holders.set(plan, cid);
    const made = newCustomer(tx, { plan, cid, options });
    customers.push(made.customer);
    identities.push(...made.identities);
    if (made.edit) edits.push(made.edit);
    fresh.set(plan.place, cid);
    deeds[at]?.push({ did: 'customer', id: cid });
  }
  const { session, models } = tx;
  if (identities.length) await models.identities.insertMany(identities, { session, lean: true });
  if (customers.length) await models.customers.insertMany(customers, { session, lean: true });
  if (edits.length) await models.edits.insertMany(edits, { session, lean: true });
  await factsDueOf(
    tx,
    customers.map(({ _id }) => _id),
  );
  return holders;
}

function newCustomer(
  tx: Tx,
  { plan, cid, options }: { plan: Plan; cid: string; options: ApplyOptions },
): { customer: CustomerDoc; identities: IdentityDoc[]; edit: EditDoc | null } {
  const now = tx.ctx.now();
  const { unit } = plan;
  const identities = plan.add.map(
    (identity): IdentityDoc => ({
      _id: identityId(identity),
      kind: identity.kind,
      value: identity.value,
      address: null,
      display: cleanName(identity.display) || identity.value,
      customerId: cid,
      homeCustomerId: cid,
      proof: 'import',
      provenAt: now,
      knownAt: now,
      source: { by: 'import', id: options.importId },
      touched: 1,
      lastSeenAt: neverSeen,
      unreachable: false,
      reachOrder: '',
      channelIds: [],
      threadKey: '',
    }),
  );
  const name = unit.name || identities[0]?.display || cid;
  const profile = plan.values.reduce(withValue, emptyProfile);
  const customer: CustomerDoc = {
    _id: cid,
    name,
    nameSource: unit.name ? 'agent' : 'address',
    nameFrom: unit.name ? null : (identities[0]?._id ?? null),
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [cid],
    tokens: customerTokens(name, identities),
    ...(plan.values.length && { profile }),
    createdAt: now,
  };
  const edit: EditDoc | null = unit.name
    ? {
        _id: key(options.importId, unit.row, 'name'),
        customerId: cid,
        at: now,
        by: 'import',
        byUserId: options.byUserId,
        field: 'name',
        before: null,
        after: unit.name,
        undoes: null,
      }
    : null;
  return { customer, identities, edit };
}

async function changeCustomer(
  tx: Tx,
  { plan, deeds, options }: { plan: Plan; deeds: ImportDeed[]; options: ApplyOptions },
): Promise<void> {
  const { customer, unit } = plan;
  if (!customer) return;
  for (const identity of plan.add) {
    const ownerId = await stateWithin(tx, {
      customerId: plan.homeId ?? customer._id,
      identity: { ok: true, ...identity },
      says: { proof: 'import', source: { by: 'import', id: options.importId }, reason: '' },
    });
    if (ownerId) throw new Again(`identity ${identityId(identity)} was taken`);
    deeds.push({ did: 'identity', id: identityId(identity), customerId: customer._id });
  }
  if (!plan.values.length) return;
  const now = await tx.models.customers
    .findById(customer._id, null, { session: tx.session })
    .lean<CustomerDoc>();
  if (!now) throw new Again(`customer ${customer._id} is gone`);
  const { edits } = await applyValues(tx, now, {
    values: plan.values,
    editor: { by: 'import', byUserId: options.byUserId, minted: key(options.importId, unit.row) },
    undoes: null,
  });
  if (edits.length)
    deeds.push({
      did: 'profile',
      id: customer._id,
      nameSource: customer.nameSource,
      edits: edits.map(({ _id, field, before, after }) => ({ id: _id, field, before, after })),
    });
}

/** What the row says its customer has, and somebody else has, is said of them, and no more. */
async function claim(
  tx: Tx,
  { plan, deeds, holders }: { plan: Plan; deeds: ImportDeed[]; holders: ReadonlyMap<Plan, string> },
): Promise<void> {
  const { session, models, ctx } = tx;
  const customerId = holders.get(plan);
  if (!customerId || plan.problems.length || !plan.claims.length) return;
  const claims = plan.claims.map(
    ({ identity: { kind, value } }): ClaimDoc => ({
      _id: key(customerId, kind, value),
      customerId,
      kind,
      value,
      source: 'import',
      at: ctx.now(),
      dismissed: null,
    }),
  );
  await models.claims.insertMany(claims, { session, lean: true });
  const made = deeds.find((deed) => deed.did === 'customer');
  if (made) made.claims = claims.map(({ _id }) => _id);
  else deeds.push(...claims.map(({ _id }): ImportDeed => ({ did: 'claim', id: _id })));
  if (!plan.customer) return;
  const { _id } = plan.customer;
  const written = await models.customers.updateOne(
    { _id, mergedInto: null },
    { $inc: { version: 1 } },
    { session },
  );
  if (!written.matchedCount) throw new Again(`customer ${_id} was linked into another`);
  await factsDueOf(tx, [_id, customerId]);
  tx.emit('customer.changed', { customerId: _id });
}

/** @returns the places of those that said so already */
async function putRecords(
  tx: Tx,
  facts: {
    plans: readonly Plan[];
    deeds: ImportDeed[][];
    holders: ReadonlyMap<Plan, string>;
    options: ApplyOptions;
  },
): Promise<Set<number>> {
  const { plans, deeds, holders, options } = facts;
  const wanted = plans.flatMap((plan, at) => {
    const customerId = holders.get(plan);
    return plan.said && customerId && !plan.problems.length && !plan.skip
      ? [{ at, said: { ...plan.said, customerId } }]
      : [];
  });
  const same = new Set<number>();
  if (!wanted.length) return same;
  const put = await putRecordsWithin(tx, {
    said: wanted.map(({ said }) => said),
    source: { by: 'import', id: options.importId },
  });
  for (const [nth, { at }] of wanted.entries()) {
    const one = put[nth];
    if (!one || one.outcome === 'same') same.add(at);
    else
      deeds[at]?.push({
        did: 'record',
        id: one.record._id,
        version: one.record.version,
        before: one.before,
      });
  }
  return same;
}
