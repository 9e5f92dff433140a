import { describe, expect, it } from 'vitest';
import type { Doc } from '../../bson/values.ts';
import { stored } from '../../test/stored.ts';
import { compileFilter } from '../match.ts';

/** What the filters under test are compiled with. */
export const ctx = { now: new Date(0) };

/** Whether a filter meets a document, both as they come from the store. */
export const matches = (filter: Doc, doc: Doc): boolean =>
  compileFilter(stored(filter), ctx).test(stored(doc));

export type Case = [rule: string, filter: Doc, yes: Doc[], no: Doc[]];

/** Tests every rule by documents that it meets and documents that it does not. */
export function testCases(cases: Case[]): void {
  it.each(cases)('%s', (_rule, filter, yes, no) => {
    for (const doc of yes) expect(matches(filter, doc), `should match ${JSON.stringify(doc)}`).toBe(true);
    for (const doc of no) expect(matches(filter, doc), `should not match ${JSON.stringify(doc)}`).toBe(false);
  });
}

/** The rules of several tables, each under its name. */
export function testTables(tables: Record<string, Case[]>): void {
  describe.each(Object.entries(tables))('as documented: %s', (_name, cases) => testCases(cases));
}
