import * as z from 'zod/mini';
import { Currency, recordStatuses } from './record.ts';

/** A table of somebody's, brought in row by row. */
export const importKinds = ['customers', 'purchases', 'services'] as const;
export type ImportKind = (typeof importKinds)[number];

/** The largest table that is taken, in bytes and in rows. */
export const maxImportBytes = 200 * 1024 * 1024;
export const maxImportRows = 1_000_000;

export const importStates = [
  /** Read as far as its head; how its columns are meant is to be said. */
  'uploaded',
  'checking',
  /** Every row was read and tried; nothing was written. */
  'checked',
  'running',
  'paused',
  'done',
  'undoing',
  'undone',
  /** `error` says why. What was written stays, and can be taken back. */
  'failed',
] as const;
export type ImportState = (typeof importStates)[number];

/** Of a table that nobody ran, which has no `result`: it can be deleted. */
export const neverRunStates = [
  'uploaded',
  'checking',
  'checked',
  'failed',
] as const satisfies readonly ImportState[];

/** How a customer is found, in every kind of table. Unknown ones become customers with what the row says of them. */
export const customerTargets = [
  'cid',
  'customerNumber',
  'mobile',
  'phone',
  'email',
  'nationalCode',
  'username',
] as const;
export type CustomerTarget = (typeof customerTargets)[number];

/** Those that several columns may be: two numbers, a first and a last name. All others are one column's. */
export const severalTargets: readonly string[] = ['mobile', 'phone', 'email', 'name', 'address'];

/** What a column may be. A column of the organisation's own field is `field:` and that field's id. */
export const importTargets = {
  customers: [...customerTargets, 'name', 'birthday', 'city', 'address', 'job', 'language'],
  purchases: [
    ...customerTargets,
    'name',
    'externalId',
    'at',
    'title',
    'amount',
    'currency',
    'status',
    'statusText',
    'note',
    'referralCode',
    'itemName',
    'itemCode',
    'itemQuantity',
    'itemAmount',
  ],
  services: [
    ...customerTargets,
    'name',
    'externalId',
    'at',
    'title',
    'amount',
    'currency',
    'status',
    'statusText',
    'note',
  ],
} as const;

/** One of `importTargets` of the import's kind, or `field:<id>`; `null`s are left out. */
export const ImportColumn = z.object({
  /** From 0, as in the file. */
  column: z.int().check(z.minimum(0), z.maximum(499)),
  target: z.string().check(z.regex(/^([a-zA-Z]{2,20}|field:f[0-9a-f]{8})$/, 'No such target')),
});
export type ImportColumn = z.infer<typeof ImportColumn>;

export const importEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1256', 'windows-1252'] as const;
export const importDelimiters = [',', ';', '\t', '|'] as const;

/** How the file is read: guessed, and the administrator's to correct. */
export const ImportDialect = z.object({
  encoding: z.enum(importEncodings),
  delimiter: z.enum(importDelimiters),
  /** The first row names the columns. */
  header: z.boolean(),
});
export type ImportDialect = z.infer<typeof ImportDialect>;

export const ImportMapping = z.object({
  columns: z.array(ImportColumn).check(z.minLength(1), z.maxLength(500)),
  dialect: ImportDialect,
  /** What amounts without a unit of their own are in, when the currency is IRR. */
  unit: z._default(z.enum(['rial', 'toman']), 'rial'),
  /** Of rows that name none. */
  currency: z._default(Currency, 'IRR'),
  /** `auto`: by the year (13xx and 14xx are Jalali). */
  calendar: z._default(z.enum(['auto', 'jalali', 'gregorian']), 'auto'),
  /** 03/04/2024: the third of April, unless this says month first. */
  monthFirst: z._default(z.boolean(), false),
  /** Of a row whose customer nobody knows. */
  unknown: z._default(z.enum(['make', 'skip']), 'make'),
  /** Of a table of customers: a known customer's fields that the row says differently. */
  known: z._default(z.enum(['update', 'fill', 'skip']), 'update'),
  /** What the organisation's own words for a status mean, where ours do not know them. */
  statuses: z._default(
    z
      .array(
        z.object({
          word: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
          status: z.enum(recordStatuses),
        }),
      )
      .check(z.maxLength(100)),
    [],
  ),
  /** Of purchases: rows that follow one another with the same number are the lines of one purchase. */
  lines: z._default(z.boolean(), false),
});
export type ImportMapping = z.infer<typeof ImportMapping>;

/** What is wrong with a row, in a word; the client has a sentence for each. */
export const importProblemCodes = [
  'empty',
  'malformed',
  'tooLong',
  'unknownValue',
  'noCustomer',
  'severalCustomers',
  'otherOwner',
  'contradicted',
  'landlineAlone',
  'repeated',
  'columns',
  'fieldGone',
] as const;
/** Why a value is malformed, where there is more to say than that it is. */
export const importProblemReasons = [
  'encoding',
  'noClock',
  'yearOfTwoDigits',
  'noSuchDay',
  'notYet',
  'tooFarAhead',
  'tooLongAgo',
  'unclearThousands',
  'fraction',
  'tooMuch',
] as const;

export type ImportProblemCode = (typeof importProblemCodes)[number];

/** What a sentence about a problem is made of, in any language; what is absent it does not need. */
export const ImportProblemData = z.partial(
  z.object({
    /** Which of the things that make a value malformed. */
    why: z.enum(importProblemReasons),
    /** What was probably meant. */
    suggestion: z.string(),
    /** Customers it is of. */
    cids: z.array(z.string()),
    /** The column by which the customer was found. */
    by: z.string(),
    /** Of a field with options: their names. */
    options: z.array(z.string()),
    field: z.object({ name: z.string(), type: z.string() }),
    /** Characters, or digits after the point. */
    most: z.number(),
    has: z.number(),
    currency: z.string(),
  }),
);
export type ImportProblemData = z.infer<typeof ImportProblemData>;

export const ImportProblem = z.object({
  /** The header's words, or the column's number; null where the row as a whole is meant. */
  column: z.nullable(z.string()),
  target: z.nullable(z.string()),
  /** What stood there, cut to 100 characters. */
  value: z.string(),
  code: z.enum(importProblemCodes),
  /** What is wrong, in English. */
  message: z.string(),
  /** What would be right, in English. */
  right: z.string(),
  /** Absent on what is older than this was kept. */
  data: z.optional(ImportProblemData),
});
export type ImportProblem = z.infer<typeof ImportProblem>;

export const importOutcomes = ['made', 'updated', 'skipped', 'failed'] as const;
export type ImportOutcome = (typeof importOutcomes)[number];

/** What became of a row, or in a dry run would become of it. */
export const ImportRow = z.object({
  /** The row in the file, as a spreadsheet counts: the header is 1. */
  row: z.number(),
  /** `noted`: it is brought in, and something is to be known of it. */
  outcome: z.enum([...importOutcomes, 'noted']),
  problems: z.array(ImportProblem),
});
export type ImportRow = z.infer<typeof ImportRow>;

const Counts = z.object({
  made: z.number(),
  updated: z.number(),
  skipped: z.number(),
  failed: z.number(),
  /** Rows that are brought in with something to be known of them; absent where there are none. */
  noted: z.optional(z.number()),
});

export const Import = z.object({
  id: z.string(),
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  fileName: z.string(),
  bytes: z.number(),
  byUserId: z.string(),
  createdAt: z.string(),
  endedAt: z.nullable(z.string()),
  dialect: ImportDialect,
  columns: z.array(
    z.object({
      header: z.string(),
      /** The first values that are not empty. */
      samples: z.array(z.string()),
      suggests: z.nullable(z.string()),
    }),
  ),
  /** As last said; null until then. */
  mapping: z.nullable(ImportMapping),
  /** Rows read so far in what is under way or was last done, and of how many: null until they were counted once. */
  progress: z.object({ rows: z.number(), of: z.nullable(z.number()) }),
  /** What the dry run came to: rows that would make, update, skip, fail; customers that would be made. */
  check: z.nullable(z.extend(Counts, { customers: z.number() })),
  /** What the run came to so far. */
  result: z.nullable(z.extend(Counts, { customers: z.number() })),
  /** What taking it back came to: `kept` is what somebody changed or went on with since. */
  undo: z.nullable(z.object({ removed: z.number(), restored: z.number(), kept: z.number() })),
  error: z.nullable(z.string()),
  /** Raised with each change that is announced. */
  version: z.number(),
});
export type Import = z.infer<typeof Import>;

/** POST /imports?kind=&name=, the file as the body. */
export interface ImportPage {
  imports: Import[];
  next: string | null;
}

/** Rows that failed, or would, and those of which something is to be known; `next` is passed as `?after=`. */
export interface ImportErrors {
  of: 'check' | 'run';
  rows: ImportRow[];
  next: number | null;
}
