import { CommandError, type Doc, isDoc, numberOf } from '../bson/values.ts';

/** Fields that any command may carry. */
const GENERIC = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  '$readPreference',
  '$clusterTime',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

/** Refuses fields that a command does not know. */
export function checkFields(command: string, body: Doc, allowed: ReadonlySet<string>): void {
  for (const name of Object.keys(body)) {
    if (name === command || allowed.has(name) || GENERIC.has(name)) continue;
    throw new CommandError(40415, `BSON field '${command}.${name}' is an unknown field.`);
  }
}

const wrongType = (name: string, wanted: string) =>
  new CommandError(14, `BSON field '${name}' is the wrong type, expected ${wanted}`);

export function text(body: Doc, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw wrongType(name, 'string');
  return value;
}

export function optionalDoc(body: Doc, name: string): Doc | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!isDoc(value)) throw wrongType(name, 'object');
  return value;
}

export function doc(body: Doc, name: string): Doc {
  const value = optionalDoc(body, name);
  if (!value) throw new CommandError(40414, `BSON field '${name}' is missing but a required field`);
  return value;
}

/** True for true and for numbers other than zero. */
export function flag(body: Doc, name: string, otherwise = false): boolean {
  const value = body[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(name, 'bool');
  return number !== 0;
}

/** A whole number from zero on. */
export function whole(body: Doc, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(name, 'a number');
  if (!Number.isInteger(number)) throw new CommandError(9, `${name} must be a whole number, not ${number}`);
  if (number < 0)
    throw new CommandError(2, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return number;
}

export function docs(body: Doc, name: string): Doc[] {
  const value = body[name];
  if (!Array.isArray(value)) throw wrongType(name, 'array');
  return value.map((item, i) => {
    if (!isDoc(item)) throw wrongType(`${name}.${i}`, 'object');
    return item;
  });
}

export const optionalDocs = (body: Doc, name: string) =>
  body[name] === undefined ? undefined : docs(body, name);

/** Refuses what MongoDB has and this engine has not; absent and empty values pass. */
export function refuse(body: Doc, names: readonly string[]): void {
  for (const name of names) {
    const value = body[name];
    if (value === undefined || value === null || value === false) continue;
    if (isDoc(value) && Object.keys(value).length === 0) continue;
    throw new CommandError(115, `the embedded engine does not support '${name}'`);
  }
}

/** Throws unless the command was sent to the database `admin`. */
export function mustBeAdmin(db: string, command: string): void {
  if (db !== 'admin') throw new CommandError(13, `${command} may only be run against the admin database.`);
}

/** The database and the collection that a text like `shop.items` names. */
export function namespaceOf(ns: string): { db: string; name: string } {
  const dot = ns.indexOf('.');
  if (dot < 1 || dot === ns.length - 1)
    throw new CommandError(73, `Invalid namespace specified '${ns}': a database, a dot and a collection`);
  return { db: ns.slice(0, dot), name: ns.slice(dot + 1) };
}
