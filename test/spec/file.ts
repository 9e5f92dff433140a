import { EJSON } from 'bson';
import { SpecFailure } from './failure.ts';
import { type TestFile, testFile } from './schema.ts';
import { isDocument, plain } from './values.ts';

/** The newest minor version of the format's schema 1 whose rules `schema.ts` holds. */
const newestMinor = 28;

/**
 * A test file out of its text. Values keep their BSON types (extended JSON, canonical or relaxed); the parts of the
 * format's own structure are plain. Throws a SpecFailure that says what the format forbids.
 */
export function parseTestFile(text: string): TestFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SpecFailure(`no JSON: ${(error as Error).message}`);
  }
  if (!isDocument(json) || !('schemaVersion' in json))
    throw new SpecFailure('no unified test file: it has no schemaVersion');
  const checked = testFile.safeParse(json);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new SpecFailure(
      `not of the unified test format: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    );
  }
  const [major, minor = 0] = checked.data.schemaVersion.split('.').map(Number);
  if (major !== 1 || minor > newestMinor)
    throw new SpecFailure(
      `schema version ${checked.data.schemaVersion}: this runner knows 1.0 to 1.${newestMinor}`,
    );
  return structured(EJSON.parse(text, { relaxed: false })) as TestFile;
}

const kept = new Set([
  'documents',
  'arguments',
  'expectResult',
  'command',
  'reply',
  'errorResponse',
  'uriOptions',
]);

/**
 * Numbers and flags of the format's structure become plain; what is sent or compared keeps its types. For nested
 * operations and entities (in arguments) to be called once more.
 */
export function structured(value: unknown, key = ''): unknown {
  if (kept.has(key)) return key === 'uriOptions' ? plain(value) : value;
  if (Array.isArray(value)) return value.map((element) => structured(element));
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, structured(inner, name)]));
  return plain(value);
}
