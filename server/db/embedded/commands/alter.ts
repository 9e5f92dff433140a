import { equalValues } from '../bson/order.ts';
import { CommandError, type Doc, isDoc, numberOf } from '../bson/values.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { Command } from './command.ts';
import { checkFields, doc, flag, mustBeAdmin, namespaceOf, refuse, text } from './fields.ts';

export const renameCollection: Command = {
  fields: ['to', 'dropTarget'],
  async run({ body, db, engine }) {
    mustBeAdmin(db, 'renameCollection');
    const from = namespaceOf(text(body, 'renameCollection'));
    const to = namespaceOf(text(body, 'to'));
    const dropTarget = flag(body, 'dropTarget');
    const collection = engine.catalog.get(from.db, from.name);
    if (!collection) throw new CommandError(26, `Source collection ${from.db}.${from.name} does not exist`);
    await engine.catalog.rename(collection, to.db, to.name, { dropTarget });
    return { doc: {} };
  },
};

function indexOf(collection: Collection, asked: Doc): Index {
  const { name, keyPattern } = asked;
  if ((name === undefined) === (keyPattern === undefined))
    throw new CommandError(72, 'collMod.index needs either a name or a keyPattern');
  const found = collection.indexes.find((one) =>
    name === undefined ? isDoc(keyPattern) && equalValues(one.key, keyPattern) : one.name === name,
  );
  if (!found || found.building)
    throw new CommandError(
      27,
      `cannot find index ${JSON.stringify(name ?? keyPattern)} for ns ${collection.ns}`,
    );
  return found;
}

/** Changes after how many seconds a TTL index deletes; all else of `collMod` is refused. */
export const collMod: Command = {
  fields: [
    'index',
    'validator',
    'validationLevel',
    'validationAction',
    'viewOn',
    'pipeline',
    'cappedSize',
    'cappedMax',
    'expireAfterSeconds',
    'timeseries',
    'changeStreamPreAndPostImages',
    'dryRun',
  ],
  async run({ body, db, engine }) {
    refuse(
      body,
      collMod.fields.filter((name) => name !== 'index'),
    );
    const collection = engine.mustHave(db, text(body, 'collMod'));
    if (body['index'] === undefined) return { doc: {} };
    const asked = doc(body, 'index');
    checkFields(
      'collMod.index',
      asked,
      new Set(['name', 'keyPattern', 'expireAfterSeconds', 'hidden', 'unique', 'prepareUnique']),
    );
    refuse(asked, ['hidden', 'unique', 'prepareUnique']);
    const seconds = numberOf(asked['expireAfterSeconds']);
    if (seconds === undefined || seconds < 0 || seconds > 2 ** 31 - 1)
      throw new CommandError(72, 'collMod.index needs expireAfterSeconds, a number from 0 to 2147483647');
    const index = indexOf(collection, asked);
    if (Object.keys(index.key).length > 1)
      throw new CommandError(
        72,
        'TTL indexes are single-field indexes, compound indexes do not support TTL.',
      );
    const before = index.spec['expireAfterSeconds'];
    const expiry = { spec: index.spec, expireAfterSeconds: index.expireAfterSeconds };
    await engine.store
      .once((writer) => {
        writer.enter(collection);
        const spec = { ...index.spec, expireAfterSeconds: asked['expireAfterSeconds'] };
        Object.assign(index, { spec, expireAfterSeconds: seconds });
        engine.catalog.changed(collection);
      })
      .catch((error: unknown) => {
        Object.assign(index, expiry);
        throw error;
      });
    return {
      doc: {
        ...(before !== undefined && { expireAfterSeconds_old: before }),
        expireAfterSeconds_new: asked['expireAfterSeconds'],
      },
    };
  },
};
