import type { Import, ImportKind } from '../../shared/import.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { identityId } from '../customers/identity.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { findOrganisation } from '../users/organisation.ts';
import type { ImportDoc } from './import.model.ts';
import type { Pace } from './import.pace.ts';
import { summed, type Unit, unitsOf } from './row.lines.ts';
import { recordIdOf } from './row.plan.ts';
import { type RowWord, rowReader } from './row.read.ts';
import { headBytes, headOf } from './table/dialect.ts';
import { rowsOf } from './table/read.ts';

/** The rows of an import's table, understood, from the one on that is not done with. */
export async function openTable(ctx: Context, doc: ImportDoc, from: number): Promise<AsyncGenerator<Unit>> {
  const { mapping } = doc;
  if (!mapping) throw new Error(`Import ${doc._id} has no mapping.`);
  const organisation = await findOrganisation(ctx);
  const fields = await ctx.models.fields.find({}).lean<FieldDoc[]>().exec();
  const read = rowReader({
    kind: doc.kind,
    mapping,
    headers: doc.columns.map(({ header }) => header),
    fields: new Map(fields.map((field) => [field._id, field])),
    timeZone: organisation?.timeZone ?? 'Asia/Tehran',
    now: ctx.now(),
  });
  const { stream } = await ctx.files.open(doc.fileId);
  async function* words(): AsyncGenerator<RowWord> {
    for await (const row of rowsOf(stream, mapping?.dialect ?? doc.dialect)) yield read(row);
  }
  async function* units(): AsyncGenerator<Unit> {
    for await (const unit of unitsOf(words(), { lines: mapping?.lines ?? false, from })) yield summed(unit);
  }
  return units();
}

/** Its columns, with the first values in them. */
export async function headOfTable(
  ctx: Context,
  doc: Pick<ImportDoc, 'fileId' | 'bytes'>,
): Promise<{ bytes: Buffer; whole: boolean }> {
  const whole = doc.bytes <= headBytes;
  if (doc.bytes === 0) return { bytes: Buffer.alloc(0), whole };
  const { stream } = await ctx.files.open(doc.fileId, { start: 0, end: Math.min(doc.bytes, headBytes) - 1 });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { bytes: Buffer.concat(chunks), whole };
}

/** @param suggest what a column probably is */
export function columnsOf(
  head: { bytes: Buffer; whole: boolean },
  dialect: Import['dialect'],
  suggest: (header: string, samples: string[], taken: ReadonlySet<string>) => string | null,
): Import['columns'] {
  const [first = [], ...others] = headOf(head.bytes, dialect, { whole: head.whole });
  const rows = dialect.header ? others : [first, ...others];
  const width = Math.min(500, Math.max(first.length, ...others.map((row) => row.length)));
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, at) => {
    const header = dialect.header ? (first[at] ?? '').trim().slice(0, 100) : '';
    const values = rows.map((row) => (row[at] ?? '').trim()).filter(Boolean);
    const samples = [...new Set(values)].slice(0, 5).map((value) => value.slice(0, 100));
    const suggests = suggest(header, samples, taken);
    if (suggests) taken.add(suggests);
    return { header, samples, suggests };
  });
}

/**
 * A few rows at a time, such that no two of them write the same thing: rows of one customer or one record are told apart by what the
 * first of them made of it.
 */
export async function* batchesOf(
  units: AsyncIterable<Unit>,
  options: { kind: ImportKind; importId: string; pace: Pace },
): AsyncGenerator<Unit[]> {
  let batch: Unit[] = [];
  let names = new Set<string>();
  for await (const unit of units) {
    const mine = namesOf(unit, options);
    if (batch.length >= options.pace.size || mine.some((name) => names.has(name))) {
      yield batch;
      batch = [];
      names = new Set();
    }
    batch.push(unit);
    for (const name of mine) names.add(name);
  }
  if (batch.length) yield batch;
}

function namesOf(unit: Unit, options: { kind: ImportKind; importId: string }): string[] {
  const record = recordIdOf(unit, options);
  if (options.kind !== 'customers') return record ? [record] : [];
  return [...unit.identities.map(identityId), ...(unit.cid ? [`cid ${unit.cid}`] : [])];
}

/** Numbers for whoever has to be made: outside of any transaction, since it may run many times. */
export function mintCids(ctx: Context, count: number): string[] {
  return Array.from({ length: count }, () => mintCid(ctx.random));
}
