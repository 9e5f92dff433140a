import { Schema } from 'mongoose';

/** A sub-document: no id of its own, unknown fields refused. */
export const embedded = (shape: Record<string, unknown>) =>
  new Schema(shape as never, { _id: false, strict: 'throw' });

/** How every collection is declared: migrations create collections and indexes, and an unknown field is an error. */
export function options<C extends string>(collection: C) {
  return {
    collection,
    versionKey: false as const,
    strict: 'throw' as const,
    minimize: false,
    autoCreate: false,
    autoIndex: false,
    id: false,
  };
}
