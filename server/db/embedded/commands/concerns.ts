import type { Timestamp } from 'bson';
import { CommandError, codeNames, type Doc, isDoc, numberOf, wrapperType } from '../bson/values.ts';
import { checkFields, optionalDoc } from './fields.ts';

/** Commands whose answer waits for a write concern. */
export const TAKES_WRITE_CONCERN: ReadonlySet<string> = new Set([
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'bulkWrite',
  'aggregate',
  'create',
  'createIndexes',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'collMod',
  'renameCollection',
  'commitTransaction',
  'abortTransaction',
]);

const LEVELS = ['local', 'available', 'majority', 'linearizable', 'snapshot'];
const IN_TRANSACTION = ['local', 'majority', 'snapshot'];
/** Commands that may read at a point in time outside a transaction. */
const AT_A_TIME = new Set(['find', 'aggregate', 'distinct']);

/** What a command asks of its reads. */
export interface ReadConcern {
  level?: string | undefined;
  /** With level `snapshot`: the moment to read at, as an earlier answer named it. */
  atClusterTime?: Timestamp | undefined;
}

function readConcernOf(body: Doc): ReadConcern {
  const given = optionalDoc(body, 'readConcern');
  if (!given) return {};
  checkFields('readConcern', given, new Set(['level', 'afterClusterTime', 'atClusterTime', 'provenance']));
  const level = given['level'];
  if (level !== undefined && typeof level !== 'string')
    throw new CommandError(14, "BSON field 'readConcern.level' is the wrong type, expected string");
  if (level !== undefined && !LEVELS.includes(level))
    throw new CommandError(
      2,
      `Enumeration value '${level}' for field 'readConcern.level' is not a valid value.`,
    );
  for (const name of ['afterClusterTime', 'atClusterTime']) {
    const time = given[name];
    if (time !== undefined && wrapperType(time as object) !== 'Timestamp')
      throw new CommandError(14, `BSON field 'readConcern.${name}' is the wrong type, expected timestamp`);
  }
  const atClusterTime = given['atClusterTime'] as Timestamp | undefined;
  if (atClusterTime && level !== 'snapshot')
    throw new CommandError(72, "readConcern.atClusterTime is only allowed with level 'snapshot'");
  if (atClusterTime && given['afterClusterTime'] !== undefined)
    throw new CommandError(72, 'readConcern has both afterClusterTime and atClusterTime');
  return { level, atClusterTime };
}

/** A pipeline that writes may not read at a moment, nor wait for the newest. */
function checkOutput(body: Doc, level: string): void {
  const stages = Array.isArray(body['pipeline']) ? body['pipeline'] : [];
  const writes = stages.flatMap((stage) => (isDoc(stage) ? Object.keys(stage) : []));
  for (const stage of ['$out', '$merge'])
    if (writes.includes(stage))
      throw new CommandError(72, `${stage} cannot be used with a '${level}' read concern level`);
}

/** Holds a command to the rules of read concerns; the answer is what it asks for. */
export function checkReadConcern(name: string, body: Doc): ReadConcern {
  const concern = readConcernOf(body);
  const { level } = concern;
  if (body['autocommit'] === false) {
    if (body['readConcern'] !== undefined && body['startTransaction'] !== true)
      throw new CommandError(72, 'Only the first command in a transaction may specify a readConcern');
    if (level !== undefined && !IN_TRANSACTION.includes(level))
      throw new CommandError(
        72,
        "The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction",
      );
    if ((name === 'create' || name === 'createIndexes') && level !== undefined && level !== 'local')
      throw new CommandError(72, `Command ${name} does not support { readConcern: { level: "${level}" } }`);
    if (concern.atClusterTime)
      throw new CommandError(
        115,
        'the embedded engine begins a transaction at the present time only: no atClusterTime',
      );
    return concern;
  }
  if (name === 'aggregate' && (level === 'snapshot' || level === 'linearizable')) checkOutput(body, level);
  // A cursor goes on as it was opened, whatever drivers send along.
  if (name === 'getMore') return {};
  if (level === 'linearizable')
    throw new CommandError(115, "the embedded engine does not support readConcern 'linearizable'");
  if (level === 'snapshot' && !AT_A_TIME.has(name))
    throw new CommandError(72, `Command ${name} does not support { readConcern: { level: "snapshot" } }`);
  return concern;
}

/** A write concern that this set of one member cannot meet: told beside the answer, once the write is done. */
export interface UnmetConcern {
  code: number;
  codeName: string;
  errmsg: string;
}

/** Holds a command to the rules of write concerns; the answer is what it asks for in vain. */
export function checkWriteConcern(name: string, body: Doc): UnmetConcern | undefined {
  const concern = optionalDoc(body, 'writeConcern');
  if (!concern) return undefined;
  const ending = name === 'commitTransaction' || name === 'abortTransaction';
  if (body['autocommit'] === false && !ending)
    throw new CommandError(72, 'writeConcern is not allowed within a multi-statement transaction');
  const w = concern['w'];
  const number = numberOf(w);
  if (number !== undefined) {
    if (!Number.isInteger(number) || number < 0 || number > 50)
      throw new CommandError(9, 'w has to be a non-negative number and not greater than 50');
    if (number === 0 && ending)
      throw new CommandError(72, `${name} requires a write concern that is acknowledged`);
    if (number <= 1) return undefined;
    return unmet(100, 'Not enough data-bearing nodes: the embedded engine is the only member of its set');
  }
  if (w === undefined || w === null || w === 'majority') return undefined;
  return unmet(79, `No write concern mode named '${String(w)}' found in replica set configuration`);
}

const unmet = (code: 79 | 100, errmsg: string): UnmetConcern => ({ code, codeName: codeNames[code], errmsg });
