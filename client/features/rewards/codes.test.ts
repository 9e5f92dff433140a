import { describe, expect, it } from 'vitest';
import { readCodes } from './codes.ts';

describe('pasted codes', () => {
  it('stand one a line, whatever ends a line, and empty lines are none', () => {
    expect(readCodes('A-1\r\nB-2\n\n  C-3  \rD-4\n')).toEqual({
      codes: ['A-1', 'B-2', 'C-3', 'D-4'],
      issues: [],
    });
  });

  it('may be the cells of a spreadsheet', () => {
    expect(readCodes('A-1\tB-2\n"C-3",D-4;E-5').codes).toEqual(['A-1', 'B-2', 'C-3', 'D-4', 'E-5']);
  });

  it('are told apart by line where something is wrong with them', () => {
    const long = 'x'.repeat(61);
    expect(readCodes(`A-1\nB 2\n${long}\nA-1\nC-3`)).toEqual({
      codes: ['A-1', 'C-3'],
      issues: [
        { line: 2, code: 'B 2', why: 'space' },
        { line: 3, code: long, why: 'long' },
        { line: 4, code: 'A-1', why: 'twice', first: 1 },
      ],
    });
    expect(readCodes('x'.repeat(60)).issues).toEqual([]);
  });

  it('that a list has already are named by their line', () => {
    expect(readCodes('A-1\nB-2', new Set(['B-2']))).toEqual({
      codes: ['A-1'],
      issues: [{ line: 2, code: 'B-2', why: 'known' }],
    });
  });

  it('are none in nothing', () => expect(readCodes(' \n\t')).toEqual({ codes: [], issues: [] }));
});
