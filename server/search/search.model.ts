import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

/**
 * What the index knows of itself: one document. Everything that is indexed has a number of its own; 65,536 of them are an era. What is
 * new and what is from long ago have eras of their own, so that an era is of one time.
 */
export interface SearchStateDoc {
  _id: 'state';
  nextEra: number;
  /** The era that is being filled with what is new, and the one with what is old: how many of its numbers are given. */
  live: OpenEra | null;
  past: OpenEra | null;
  /** The next tail's id. */
  nextTail: number;
  /** Tails up to this one are in the blocks. */
  mergedTo: number;
  /** In the tails after that one. */
  waiting: number;
  /** Between which seconds each era's entries in the blocks are, so that the newest are asked first. `changed`: the merge that last wrote it. */
  eras: { no: number; oldest: number; newest: number; changed: number }[];
}

interface OpenEra {
  no: number;
  used: number;
}

/** Entries that are not in the blocks yet: few writes for a message that has just come. Never changed once written. */
export interface SearchTailDoc {
  _id: number;
  entries: TailEntry[];
}

/** One thing under its number. Told twice (it was edited, its conversation has a further channel) it has the words of both. */
export interface TailEntry {
  /** The number. */
  n: number;
  /** Its time, in whole seconds. */
  t: number;
  /** Its terms, parted by spaces: no term has one. */
  w: string;
}

/**
 * Entries of one era under terms that begin alike, or its times: binary, see search.block.ts. `_id` is the era in eight hexadecimal
 * digits, a colon and the key.
 */
interface SearchBlockDoc {
  _id: string;
  d: Buffer;
  /** The fence of the lease under which it was written: whoever has lost the lease cannot write over it. */
  f: number;
}

const state = new Schema<SearchStateDoc>(
  {
    _id: { type: String, required: true } as never,
    nextEra: { type: Number, required: true },
    live: { type: Schema.Types.Mixed, default: null },
    past: { type: Schema.Types.Mixed, default: null },
    nextTail: { type: Number, required: true },
    mergedTo: { type: Number, required: true },
    waiting: { type: Number, required: true },
    eras: { type: [Schema.Types.Mixed], required: true } as never,
  },
  options('searchState'),
);

const tail = new Schema<SearchTailDoc>(
  {
    _id: { type: Number, required: true },
    entries: { type: [Schema.Types.Mixed], required: true } as never,
  },
  options('searchTails'),
);

const block = new Schema<SearchBlockDoc>(
  {
    _id: { type: String, required: true },
    d: { type: Schema.Types.Buffer, required: true } as never,
    f: { type: Number, required: true },
  },
  options('searchBlocks'),
);

export const searchStateModel = (db: Connection) => db.model<SearchStateDoc>('SearchState', state);
export const searchTailModel = (db: Connection) => db.model<SearchTailDoc>('SearchTail', tail);
export const searchBlockModel = (db: Connection) => db.model<SearchBlockDoc>('SearchBlock', block);
