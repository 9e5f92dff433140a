import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Import, ImportErrors, ImportKind, ImportMapping, ImportPage } from '../../shared/import.ts';
import type { Context } from '../context.ts';

const notYet = () =>
  new AppError({ code: 'unavailable', message: 'Imports cannot be used in this version.' });

export async function listImports(
  _ctx: Context,
  _viewer: Viewer,
  _after: string | null,
): Promise<ImportPage> {
  throw notYet();
}
export async function uploadImport(
  _ctx: Context,
  _viewer: Viewer,
  _options: { kind: ImportKind; name: string; bytes: AsyncIterable<Uint8Array>; length: number },
): Promise<Import> {
  throw notYet();
}
export async function getImport(_ctx: Context, _viewer: Viewer, _id: string): Promise<Import> {
  throw notYet();
}
export async function importErrors(
  _ctx: Context,
  _viewer: Viewer,
  _options: { id: string; after: number },
): Promise<ImportErrors> {
  throw notYet();
}
export async function checkImport(
  _ctx: Context,
  _viewer: Viewer,
  _options: { id: string; mapping: ImportMapping },
): Promise<Import> {
  throw notYet();
}
export type ImportTurn = 'run' | 'pause' | 'resume' | 'undo';
export async function turnImport(
  _ctx: Context,
  _viewer: Viewer,
  _options: { id: string; turn: ImportTurn },
): Promise<Import> {
  throw notYet();
}
export async function* importErrorsAsCsv(
  _ctx: Context,
  _viewer: Viewer,
  _id: string,
): AsyncGenerator<string> {
  yield '';
  throw notYet();
}
