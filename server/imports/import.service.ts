import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import {
  type Import,
  type ImportErrors,
  type ImportKind,
  type ImportMapping,
  type ImportPage,
  type ImportState,
  maxImportBytes,
} from '../../shared/import.ts';
import { type ImportProblemWords, importProblemWords } from '../../shared/import-problem.ts';
import type { Context } from '../context.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { invalid } from '../http/validate.ts';
import { mayNot } from '../users/user.create.ts';
import type { UserDoc } from '../users/user.model.ts';
import { checkMapping } from './import.mapping.ts';
import type { ImportDoc, ImportRowDoc } from './import.model.ts';
import { presentImport, presentRow } from './import.presenter.ts';
import { turn } from './import.progress.ts';
import { columnsOf, headOfTable } from './import.table.ts';
import { suggestTarget } from './suggest.ts';
import { dialectOf, isMarkedText } from './table/dialect.ts';

const perPage = 50;
const errorsPerPage = 200;

export async function listImports(ctx: Context, viewer: Viewer, after: string | null): Promise<ImportPage> {
  mustImport(viewer);
  const past = after ? await find(ctx, after) : null;
  const found = await ctx.models.imports
    .find(
      past
        ? {
            createdAt: { $lte: past.createdAt },
            $or: [
              { createdAt: { $lt: past.createdAt } },
              { createdAt: past.createdAt, _id: { $lt: past._id } },
            ],
          }
        : {},
    )
    .sort({ createdAt: -1, _id: -1 })
    .limit(perPage + 1)
    .lean<ImportDoc[]>()
    .exec();
  const imports = found.slice(0, perPage);
  return {
    imports: imports.map(presentImport),
    next: found.length > perPage ? (imports.at(-1)?._id ?? null) : null,
  };
}

/**
 * Keeps a table and reads its head: how it is written, its columns, and what they probably are.
 * @param options.length as the request says; 0 where it does not
 * @throws AppError tooLarge before anything is read where the request says so; invalid for what is no table
 */
export async function uploadImport(
  ctx: Context,
  viewer: Viewer,
  options: { kind: ImportKind; name: string; bytes: AsyncIterable<Uint8Array>; length: number },
): Promise<Import> {
  mustImport(viewer);
  const { kind, name, bytes, length } = options;
  if (length > maxImportBytes)
    throw new AppError({
      code: 'tooLarge',
      message: `The table has ${Math.ceil(length / 1024 / 1024)} MB; at most ${maxImportBytes / 1024 / 1024} MB are taken at once. Bring it in as several.`,
    });
  const file = await ctx.files.put(bytes, {
    name,
    maxBytes: maxImportBytes,
    authorId: viewer.id,
    conversationId: null,
  });
  try {
    if (file.bytes === 0) throw noTable('The file is empty.');
    const head = await headOfTable(ctx, { fileId: file._id, bytes: file.bytes });
    if (!/^text\/|octet-stream$/.test(file.type) && !isMarkedText(head.bytes))
      throw noTable(whatInstead(file.type));
    const dialect = dialectOf(head.bytes, { whole: head.whole });
    const columns = await suggested(ctx, kind, { head, dialect });
    if (!columns.length) throw noTable('There are no columns in it.');
    const doc: ImportDoc = {
      _id: ctx.uuid(),
      kind,
      state: 'uploaded',
      fileId: file._id,
      fileName: file.name,
      bytes: file.bytes,
      byUserId: viewer.id,
      createdAt: ctx.now(),
      endedAt: null,
      dialect,
      columns,
      mapping: null,
      rows: null,
      position: 0,
      check: null,
      result: null,
      undo: null,
      error: null,
      version: 1,
    };
    await ctx.models.imports.insertMany([doc], { lean: true });
    ctx.bus.emit('import.changed', { importId: doc._id });
    return presentImport(doc);
  } catch (error) {
    await ctx.files.remove(file._id);
    throw error;
  }
}

async function suggested(
  ctx: Context,
  kind: ImportKind,
  table: { head: Awaited<ReturnType<typeof headOfTable>>; dialect: Import['dialect'] },
): Promise<Import['columns']> {
  const fields = await ctx.models.fields.find({}).lean<FieldDoc[]>().exec();
  return columnsOf(table.head, table.dialect, (header, samples, taken) =>
    suggestTarget({ header, samples }, { kind, fields, taken }),
  );
}

function whatInstead(type: string): string {
  if (/zip|spreadsheet|ms-excel|x-cfb/.test(type))
    return 'It is a workbook of a spreadsheet program. Save the sheet as CSV there (“CSV UTF-8”) and bring that.';
  return `By its content it is ${type}.`;
}

const noTable = (why: string) => invalid({ file: `This is no table of text (CSV). ${why}` });

export async function getImport(ctx: Context, viewer: Viewer, id: string): Promise<Import> {
  mustImport(viewer);
  return presentImport(await find(ctx, id));
}

/**
 * Tries every row in the background and writes nothing: what would be made, updated and left, and what is wrong with the rest.
 * @throws AppError invalid for a mapping that rows cannot be read by; conflict when it is past that
 */
export async function checkImport(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; mapping: ImportMapping },
): Promise<Import> {
  mustImport(viewer);
  const { id, mapping } = options;
  const doc = await find(ctx, id);
  if (doc.result) throw notNow(doc, 'checked');
  mustBeKept(doc);
  const fields = await ctx.models.fields.find({}).lean<FieldDoc[]>().exec();
  let { columns } = doc;
  if (JSON.stringify(mapping.dialect) !== JSON.stringify(doc.dialect)) {
    const head = await headOfTable(ctx, doc);
    columns = await suggested(ctx, doc.kind, { head, dialect: mapping.dialect });
  }
  checkMapping(mapping, { kind: doc.kind, columns, fields });
  const after = await turn(ctx, id, {
    from: ['uploaded', 'checked', 'checking', 'failed'],
    set: {
      state: 'checking',
      mapping,
      columns,
      dialect: mapping.dialect,
      position: 0,
      rows: null,
      check: null,
      error: null,
    },
  });
  if (!after) throw notNow(await find(ctx, id), 'checked');
  ctx.queue.wake('import', id);
  return presentImport(after);
}

/**
 * Reads the head anew as the administrator says it is written; what was said of its columns before goes with them.
 * @throws AppError conflict when rows were brought in already
 */
export async function readImport(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; dialect: Import['dialect'] },
): Promise<Import> {
  mustImport(viewer);
  const { id, dialect } = options;
  const doc = await find(ctx, id);
  if (doc.result) throw notNow(doc, 'read anew');
  mustBeKept(doc);
  const columns = await suggested(ctx, doc.kind, { head: await headOfTable(ctx, doc), dialect });
  const after = await turn(ctx, id, {
    from: ['uploaded', 'checked', 'checking', 'failed'],
    set: {
      state: 'uploaded',
      dialect,
      columns,
      mapping: null,
      check: null,
      rows: null,
      position: 0,
      error: null,
    },
  });
  if (!after) throw notNow(await find(ctx, id), 'read anew');
  return presentImport(after);
}

export type ImportTurn = 'run' | 'pause' | 'resume' | 'undo';

const none = { made: 0, updated: 0, skipped: 0, failed: 0, customers: 0 };

const turns: Record<
  ImportTurn,
  { from: readonly ImportState[]; done: string; set: (ctx: Context) => Partial<ImportDoc> }
> = {
  run: {
    from: ['checked'],
    done: 'run',
    set: () => ({ state: 'running', position: 0, result: none, error: null, endedAt: null }),
  },
  pause: { from: ['running'], done: 'paused', set: () => ({ state: 'paused' }) },
  resume: {
    from: ['paused', 'failed'],
    done: 'resumed',
    set: () => ({ state: 'running', error: null, endedAt: null }),
  },
  undo: {
    from: ['done', 'paused', 'failed'],
    done: 'taken back',
    set: () => ({
      state: 'undoing',
      undo: { removed: 0, restored: 0, kept: 0 },
      error: null,
      endedAt: null,
    }),
  },
};

/** @throws AppError conflict when it is not in a state for that */
export async function turnImport(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; turn: ImportTurn },
): Promise<Import> {
  mustImport(viewer);
  const { id } = options;
  const { from, set, done } = turns[options.turn];
  const before = await find(ctx, id);
  // What broke off while it was being taken back goes on being taken back: a part of it is gone already.
  if (options.turn === 'resume' && before.undo) return undoFurther(ctx, before);
  if (options.turn === 'run' || options.turn === 'resume') mustBeKept(before);
  // What failed while it was only being tried is tried again, not run.
  if (before.state === 'failed' && !before.result) throw notNow(before, done);
  const after = await turn(ctx, id, { from, set: set(ctx) });
  if (!after) throw notNow(await find(ctx, id), done);
  ctx.queue.wake('import', id);
  return presentImport(after);
}

async function undoFurther(ctx: Context, before: ImportDoc): Promise<Import> {
  const after = await turn(ctx, before._id, {
    from: ['failed'],
    set: { state: 'undoing', error: null, endedAt: null },
  });
  if (!after) throw notNow(await find(ctx, before._id), turns.resume.done);
  ctx.queue.wake('import', before._id);
  return presentImport(after);
}

function mustBeKept(doc: ImportDoc): void {
  if (doc.fileId) return;
  throw new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: 'The table of this import is not kept any more: tables are kept for 30 days. Bring it in again.',
    data: { import: presentImport(doc) },
  });
}

function notNow(doc: ImportDoc, done: string): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: `This import is ${doc.state}: it cannot be ${done} now.`,
    data: { import: presentImport(doc) },
  });
}

/** Rows that failed or of which something is to be known; of a table that was only tried, those that would. */
export async function importErrors(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; after: number },
): Promise<ImportErrors> {
  mustImport(viewer);
  const doc = await find(ctx, options.id);
  const found = await errorsAfter(ctx, doc, { after: options.after, limit: errorsPerPage + 1 });
  const rows = found.slice(0, errorsPerPage);
  return {
    of: phaseOf(doc),
    rows: rows.map(presentRow),
    next: found.length > errorsPerPage ? (rows.at(-1)?.row ?? null) : null,
  };
}

/**
 * The same as a table for a spreadsheet, line by line.
 * @param options.language null: that of whoever asks
 */
export async function* importErrorsAsCsv(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; language: 'fa' | 'en' | null },
): AsyncGenerator<string> {
  mustImport(viewer);
  const doc = await find(ctx, options.id);
  const words = importProblemWords[options.language ?? (await languageOf(ctx, viewer))];
  const { headings } = words;
  // The mark makes spreadsheet programs read it as UTF-8.
  yield `\uFEFF${csvLine([headings.row, headings.column, headings.value, headings.wrong, headings.right])}`;
  for (let after = 0; ; ) {
    const rows = await errorsAfter(ctx, doc, { after, limit: errorsPerPage });
    for (const { row, problems } of rows)
      for (const problem of problems)
        yield csvLine([
          String(row),
          headingOf(problem.column, words),
          problem.value,
          words.wrong(problem),
          words.right(problem),
        ]);
    const last = rows.at(-1);
    if (!last || rows.length < errorsPerPage) return;
    after = last.row;
  }
}

async function languageOf(ctx: Context, viewer: Viewer): Promise<'fa' | 'en'> {
  const user = await ctx.models.users
    .findById(viewer.id, { preferences: 1 })
    .lean<Pick<UserDoc, '_id' | 'preferences'>>()
    .exec();
  return user?.preferences?.language ?? 'en';
}

/** A column without a heading is known by its number. */
function headingOf(column: string | null, words: ImportProblemWords): string {
  const [, n] = /^column (\d+)$/.exec(column ?? '') ?? [];
  return n ? words.column(Number(n)) : (column ?? '');
}

/**
 * Quoted, always; a cell that a spreadsheet program would take for a formula begins with an apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvLine(cells: readonly string[]): string {
  const safe = (cell: string) =>
    /^[\s]*[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell) ? `'${cell}` : cell;
  return `${cells.map((cell) => `"${safe(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

const phaseOf = (doc: ImportDoc): ImportErrors['of'] => (doc.result ? 'run' : 'check');

function errorsAfter(
  ctx: Context,
  doc: ImportDoc,
  { after, limit }: { after: number; limit: number },
): Promise<ImportRowDoc[]> {
  return ctx.models.importRows
    .find({
      importId: doc._id,
      phase: phaseOf(doc),
      outcome: { $in: ['failed', 'noted'] },
      row: { $gt: after },
    })
    .sort({ row: 1 })
    .limit(limit)
    .lean<ImportRowDoc[]>()
    .exec();
}

export function mustImport(viewer: Viewer): void {
  if (!may(viewer, 'customer.import')) throw mayNot('import tables');
}

/** @throws AppError notFound */
export async function find(ctx: Context, id: string): Promise<ImportDoc> {
  const doc = await ctx.models.imports.findById(id).lean<ImportDoc>().exec();
  if (!doc) throw new AppError({ code: 'notFound', message: 'There is no such import.' });
  return doc;
}
