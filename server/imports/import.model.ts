import { type Connection, Schema } from 'mongoose';
import type {
  Import,
  ImportKind,
  ImportMapping,
  ImportProblem,
  ImportRow,
  ImportState,
} from '../../shared/import.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { options } from '../db/schema.ts';
import type { RecordDoc } from '../records/record.model.ts';

export interface ImportDoc {
  _id: string;
  kind: ImportKind;
  state: ImportState;
  /** '' once the table was forgotten. */
  fileId: string;
  fileName: string;
  bytes: number;
  byUserId: string;
  createdAt: Date;
  endedAt: Date | null;
  dialect: Import['dialect'];
  columns: Import['columns'];
  mapping: ImportMapping | null;
  /** Rows of the table, headers apart; null until they were counted once. */
  rows: number | null;
  /** Rows done with in what is under way: a server that takes over goes on after them. */
  position: number;
  check: Import['check'];
  result: Import['result'];
  undo: Import['undo'];
  error: string | null;
  /** Raised with every change: whoever works on it writes only on top of what it read. */
  version: number;
}

/** What a row's import changed, and what stood there before: by which it is taken back. */
export type ImportDeed =
  /** `claims`: what they are said to have, and somebody else has. */
  | { did: 'customer'; id: string; claims?: string[] }
  | { did: 'identity'; id: string; customerId: string }
  | { did: 'claim'; id: string }
  | {
      did: 'profile';
      id: string;
      nameSource: CustomerDoc['nameSource'];
      edits: { id: string; field: string; before: unknown; after: unknown }[];
    }
  | { did: 'record'; id: string; version: number; before: RecordDoc | null };

/** What became of one row, or, beside that, what is to be known of one that was brought in. */
export interface ImportRowDoc {
  /** key(importId, 'run' | 'check', row), and of what is to be known: …, 'noted') */
  _id: string;
  importId: string;
  phase: 'check' | 'run';
  row: number;
  outcome: ImportRow['outcome'];
  problems: ImportProblem[];
  /** Newest last; absent of a dry run and once taken back. */
  deeds: ImportDeed[];
}

const mixed = { type: Schema.Types.Mixed, default: null } as const;

const importSchema = new Schema<ImportDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    state: { type: String, required: true },
    fileId: { type: String, default: '' },
    fileName: { type: String, required: true },
    bytes: { type: Number, required: true },
    byUserId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
    dialect: mixed as never,
    columns: { type: [Schema.Types.Mixed], required: true } as never,
    mapping: mixed as never,
    rows: { type: Number, default: null },
    position: { type: Number, required: true },
    check: mixed as never,
    result: mixed as never,
    undo: mixed as never,
    error: { type: String, default: null },
    version: { type: Number, required: true },
  },
  options('imports'),
);

const row = new Schema<ImportRowDoc>(
  {
    _id: { type: String, required: true },
    importId: { type: String, required: true },
    phase: { type: String, required: true },
    row: { type: Number, required: true },
    outcome: { type: String, required: true },
    problems: { type: [Schema.Types.Mixed], default: [] } as never,
    deeds: { type: [Schema.Types.Mixed], default: [] } as never,
  },
  options('importRows'),
);

export const importModel = (db: Connection) => db.model<ImportDoc>('Import', importSchema);
export const importRowModel = (db: Connection) => db.model<ImportRowDoc>('ImportRow', row);
