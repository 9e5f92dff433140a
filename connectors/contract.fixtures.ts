import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Settings } from './connector.ts';

/** What the contract suite reads: the fixtures of a connector, and what becomes of them when something goes wrong on the way. */

/** Bodies of the fixtures with a piece cut out, doubled or replaced, JSON of any shape, and noise. */
export function mutated(bodies: string[]): fc.Arbitrary<string> {
  const spliced = fc
    .tuple(fc.constantFrom(...bodies), fc.nat(2000), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([body, at, length, insert]) => body.slice(0, at) + insert + body.slice(at + length));
  const retyped = fc
    .tuple(fc.constantFrom(...bodies), fc.nat(30), fc.jsonValue({ maxDepth: 2 }))
    .map(([body, nth, value]) => {
      let seen = -1;
      return body.replace(/:\s*("(?:[^"\\]|\\.)*"|-?\d+|true|false|null)/g, (whole) => {
        seen += 1;
        return seen === nth ? `:${JSON.stringify(value)}` : whole;
      });
    });
  return fc.oneof(
    { weight: 3, arbitrary: spliced },
    { weight: 4, arbitrary: retyped },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  );
}

export interface Fixture {
  name: string;
  bytes: Uint8Array;
  writtenFrom: unknown;
  settings: Settings;
  expected: unknown;
}

/** `name.json`, a request with its source and settings, or `name.eml`, whose sources and settings stand in files for all of them. */
export function readFixtures(id: string): Fixture[] {
  const folder = new URL(`./${id}/fixtures/`, import.meta.url);
  const read = (name: string): Buffer => readFileSync(new URL(name, folder));
  const json = (name: string): Record<string, unknown> => JSON.parse(read(name).toString('utf8'));
  return readdirSync(folder)
    .filter((name) => /\.(json|eml)$/.test(name) && !/\.expected\.json$|^settings\.json$/.test(name))
    .map((name) => {
      const mail = name.endsWith('.eml');
      const { writtenFrom, settings } = mail
        ? { writtenFrom: read('README.md').toString('utf8'), settings: json('settings.json') }
        : json(name);
      return {
        name,
        bytes: read(name),
        writtenFrom,
        settings: settings as Settings,
        expected: json(name.replace(/\.(json|eml)$/, '.expected.json')),
      };
    });
}

/** @param file within the folder of all connectors */
export function readSource(file: string): string {
  return readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
}

/** Every key and every short text in a body of JSON: what a provider calls things. */
export function namesIn(body: Uint8Array): string[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return [];
  }
  const names: string[] = [];
  const look = (part: unknown): void => {
    if (typeof part === 'string' && part.length <= 40) names.push(part);
    if (part === null || typeof part !== 'object') return;
    for (const [key, inner] of Object.entries(part)) {
      names.push(key);
      look(inner);
    }
  };
  look(value);
  return names;
}
