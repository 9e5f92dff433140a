import { describe, expect, it } from 'vitest';
import { completenessFields } from '../../../shared/quality.ts';
import { mendOf, mendOfMissing } from './mend.ts';
import { missingHref, subjectOf } from './subject.ts';

describe('how a field that records lack is filled in', () => {
  it('is a value in its field, or an address as the board adds any other', () => {
    expect(mendOfMissing('city')).toEqual({ by: 'field', field: 'city' });
    expect(mendOfMissing('f0123abcd')).toEqual({ by: 'custom', fieldId: 'f0123abcd' });
    for (const kind of ['mobile', 'emailAddress', 'nationalCode'] as const)
      expect(mendOfMissing(kind)).toEqual({ by: 'identity', kind, replacesId: null, either: false });
  });

  it('takes more than a value only for a consent', () => {
    expect(completenessFields.filter((field) => mendOfMissing(field) === null)).toEqual(['consent']);
    const own = completenessFields.flatMap((field) => {
      const how = mendOfMissing(field);
      return how?.by === 'custom' ? [field] : [];
    });
    expect(own).toEqual([]);
  });
});

describe('what an address of the board asks for', () => {
  it('is a list of a problem or of who lacks a field; else the overview', () => {
    for (const field of ['city', 'f0123abcd'])
      expect(subjectOf(missingHref(field).split('?')[1] ?? '')).toEqual({ problem: null, missing: field });
    expect(subjectOf('problem=staleField')).toEqual({ problem: 'staleField', missing: null });
    for (const nonsense of ['', 'missing=shoeSize', 'missing=constructor', 'problem=city'])
      expect(subjectOf(nonsense)).toBeNull();
  });
});

it('mends a wrong birthday in its own field', () => {
  const note = { field: 'profile:birthday', value: '2199-01-01', suggestion: null, since: null };
  expect(mendOf({ ...note, problem: 'badBirthday' })).toEqual({ by: 'field', field: 'birthday' });
});

it('mends a stale custom field in that field', () => {
  const note = {
    problem: 'staleField',
    field: 'f0123abcd',
    value: 'x',
    suggestion: null,
    since: null,
  } as const;
  expect(mendOf(note)).toEqual({ by: 'custom', fieldId: 'f0123abcd' });
});
