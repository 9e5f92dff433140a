import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

/**
 * What the index knows of itself: one document. Everything that is indexed has a number of its own, given in the order of indexing;
 * 65,536 of them are an era.
 */
export interface SearchStateDoc {
  _id: 'state';
  /** The next number to give. */
  next: number;
  /** The next tail's id. */
  nextTail: number;
  /** Tails up to this one are in the blocks. */
  mergedTo: number;
  /** Raised by every merge: what was kept of the blocks in memory is older. */
  merges: number;
  /** Between which seconds each era's entries are, so that the newest are asked first. */
  eras: { no: number; oldest: number; newest: number }[];
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
export interface SearchBlockDoc {
  _id: string;
  d: Buffer;
}

const state = new Schema<SearchStateDoc>(
  {
    _id: { type: String, required: true } as never,
    next: { type: Number, required: true },
    nextTail: { type: Number, required: true },
    mergedTo: { type: Number, required: true },
    merges: { type: Number, required: true },
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
  },
  options('searchBlocks'),
);

export const searchStateModel = (db: Connection) => db.model<SearchStateDoc>('SearchState', state);
export const searchTailModel = (db: Connection) => db.model<SearchTailDoc>('SearchTail', tail);
export const searchBlockModel = (db: Connection) => db.model<SearchBlockDoc>('SearchBlock', block);
