import { Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { parseTestFile } from './file.ts';

type Json = Record<string, unknown>;

const operation = { name: 'find', object: 'collection0', arguments: { filter: {} } };
const file = (over: Json = {}, test: Json = {}): string =>
  JSON.stringify({
    description: 'a file',
    schemaVersion: '1.0',
    createEntities: [{ client: { id: 'client0' } }],
    tests: [{ description: 'a test', operations: [operation], ...test }],
    ...over,
  });

const refused = (text: string, reason: RegExp) => expect(() => parseTestFile(text)).toThrow(reason);

describe('a test file', () => {
  it('keeps the BSON types of what is sent and compared; its own structure is plain', () => {
    const parsed = parseTestFile(
      file(
        {
          initialData: [
            { databaseName: 'd', collectionName: 'c', documents: [{ _id: 1, x: { $numberDouble: '2.0' } }] },
          ],
        },
        {
          operations: [
            {
              ...operation,
              arguments: { filter: { n: { $numberLong: '3' } }, limit: 4 },
              expectError: { errorCode: 11000 },
            },
          ],
        },
      ),
    );
    const [document] = parsed.initialData?.[0]?.documents ?? [];
    expect(document?.['_id']).toBeInstanceOf(Int32);
    expect(document?.['x']).toBeInstanceOf(Double);
    const [found] = parsed.tests[0]?.operations ?? [];
    expect(found?.arguments).toMatchObject({ filter: { n: Long.fromNumber(3) } });
    expect(found?.expectError?.errorCode).toBe(11000);
  });

  it('of another schema version is refused', () => {
    refused(file({ schemaVersion: '0.1' }), /schema version 0\.1: this runner knows 1\.0 to/);
    refused(file({ schemaVersion: '2.0' }), /schema version 2\.0/);
    refused(file({ schemaVersion: '1.999' }), /schema version 1\.999/);
    refused(file({ schemaVersion: 'one' }), /schemaVersion/);
  });

  it('that is none of the format is refused with the place', () => {
    refused('{', /no JSON/);
    refused('[]', /no unified test file/);
    refused('{"tests": []}', /no schemaVersion/);
    refused(file({ tests: [] }), /tests/);
    refused(file({ surprise: 1 }), /surprise/);
    refused(file({}, { description: 5 }), /tests\.0\.description/);
    refused(file({}, { surprise: 1 }), /surprise/);
    refused(file({}, { operations: undefined }), /tests\.0\.operations/);
  });

  it('with a malformed operation is refused', () => {
    const with_ = (over: Json) => file({}, { operations: [{ ...operation, ...over }] });
    refused(with_({ name: undefined }), /name/);
    refused(with_({ arguments: [] }), /arguments/);
    refused(with_({ expectError: {} }), /must not be empty/);
    refused(with_({ expectError: { isError: false } }), /isError/);
    refused(with_({ expectError: { errorLabelsOmit: [] } }), /errorLabelsOmit/);
    refused(with_({ expectError: { surprise: 1 } }), /surprise/);
    refused(with_({ expectError: { isError: true }, expectResult: 1 }), /exclude each other/);
    refused(with_({ expectError: { isError: true }, saveResultAsEntity: 'a' }), /exclude each other/);
    refused(with_({ ignoreResultAndError: true, expectResult: 1 }), /exclude each other/);
    refused(with_({ ignoreResultAndError: true, expectError: { isError: true } }), /exclude each other/);
    refused(with_({ ignoreResultAndError: true, saveResultAsEntity: 'a' }), /exclude each other/);
  });

  it('with malformed entities is refused', () => {
    const entity = (one: Json) => file({ createEntities: [one] });
    refused(file({ createEntities: [] }), /createEntities/);
    refused(entity({}), /one key/);
    refused(entity({ thread: { id: 't' }, client: { id: 'c' } }), /one key/);
    refused(entity({ pool: { id: 'p' } }), /pool/);
    refused(entity({ client: { id: 'c', observeEvents: ['surpriseEvent'] } }), /observeEvents/);
    refused(entity({ client: { id: 'c', observeEvents: [] } }), /observeEvents/);
    refused(entity({ database: { id: 'd', client: 'c' } }), /databaseName/);
    refused(
      entity({ collection: { id: 'c', database: 'd', collectionName: 'n', collectionOptions: { x: 1 } } }),
      /collectionOptions/,
    );
  });

  it('with malformed requirements, data or events is refused', () => {
    refused(file({ runOnRequirements: [] }), /runOnRequirements/);
    refused(file({ runOnRequirements: [{}] }), /must not be empty/);
    refused(file({ runOnRequirements: [{ topologies: ['ring'] }] }), /topologies/);
    refused(file({ runOnRequirements: [{ minServerVersion: 4 }] }), /minServerVersion/);
    refused(file({ initialData: [{ databaseName: 'd', collectionName: 'c' }] }), /documents/);
    const createOptions = { writeConcern: { w: 1 } };
    refused(
      file({ initialData: [{ databaseName: 'd', collectionName: 'c', documents: [], createOptions }] }),
      /write concern/,
    );
    const events = (over: Json) => file({}, { expectEvents: [{ client: 'client0', events: [], ...over }] });
    refused(events({ eventType: 'all' }), /expectEvents/);
    refused(events({ events: [{ poolCreatedEvent: {} }] }), /expectEvents/);
    refused(events({ eventType: 'cmap', events: [{ commandStartedEvent: {} }] }), /expectEvents/);
    refused(events({ events: [{ commandStartedEvent: {}, commandFailedEvent: {} }] }), /expectEvents/);
    refused(events({ events: [{ commandStartedEvent: { requestId: 1 } }] }), /expectEvents/);
  });
});
