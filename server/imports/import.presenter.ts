import type { Import, ImportRow } from '../../shared/import.ts';
import type { ImportDoc, ImportRowDoc } from './import.model.ts';

export function presentImport(doc: ImportDoc): Import {
  return {
    id: doc._id,
    kind: doc.kind,
    state: doc.state,
    fileName: doc.fileName,
    bytes: doc.bytes,
    byUserId: doc.byUserId,
    createdAt: doc.createdAt.toISOString(),
    endedAt: doc.endedAt?.toISOString() ?? null,
    dialect: { ...doc.dialect },
    columns: doc.columns.map((column) => ({ ...column, samples: [...column.samples] })),
    mapping: doc.mapping ? { ...doc.mapping } : null,
    progress: { rows: doc.position, of: doc.rows },
    check: doc.check ? { ...doc.check } : null,
    result: doc.result ? { ...doc.result } : null,
    undo: doc.undo ? { ...doc.undo } : null,
    error: doc.error,
    version: doc.version,
  };
}

export function presentRow(doc: ImportRowDoc): ImportRow {
  return {
    row: doc.row,
    outcome: doc.outcome,
    problems: doc.problems.map((problem) => ({ ...problem })),
  };
}
