import { describe, expect, it } from 'vitest';
import type { ImportKind, ImportProblem } from '../../shared/import.ts';
import { importProblemWords } from '../../shared/import-problem.ts';
import { plainMapping } from '../../test/imports.ts';
import { rowReader } from './row.read.ts';

/** A row by its targets, those of `also` beside what is asked about. */
function word(kind: ImportKind, cells: readonly (readonly [target: string, text: string])[]) {
  const read = rowReader({
    kind,
    mapping: { ...plainMapping, columns: cells.map(([target], column) => ({ column, target })) },
    headers: cells.map(([target]) => target),
    fields: new Map(),
    timeZone: 'Asia/Tehran',
    now: new Date(),
  });
  return read({ row: 2, cells: cells.map(([, text]) => text), broken: null });
}

const also: Record<ImportKind, readonly (readonly [string, string])[]> = {
  customers: [['customerNumber', '7']],
  purchases: [
    ['customerNumber', '7'],
    ['at', '2024-08-02'],
    ['itemName', 'Shoes'],
  ],
  services: [],
};

/** What is wrong with this text in this column, in a row that is right otherwise. */
function problemOf(target: string, text: string): ImportProblem | null {
  const kind: ImportKind = target === 'birthday' || target === 'language' ? 'customers' : 'purchases';
  const cells = [[target, text] as const, ...also[kind].filter(([other]) => other !== target)];
  return word(kind, cells).problems[0] ?? null;
}

/** What a sentence of advice gives as an example. */
function examplesIn(advice: string): string[] {
  const plain = advice.replace(/[\u2066-\u2069]/g, '').replace(/\.$/, '');
  const [, list = ''] = /(?:مانند|such as|like) (.*)$/iu.exec(plain) ?? [];
  return list
    .replace(/(، با ساعت|, with a time).*$/u, '')
    .split(/ یا | or |, (?=\D)/u)
    .map((one) => one.replace(/[«»]/g, '').trim())
    .filter(Boolean);
}

describe('advice about a cell', () => {
  it.each([
    'mobile',
    'phone',
    'email',
    'at',
    'birthday',
    'amount',
    'itemAmount',
    'itemQuantity',
    'currency',
    'language',
  ])('gives examples that are right: %s', (target) => {
    const wrong = problemOf(target, '؟');
    if (!wrong) throw new Error(`A mark of a question is no ${target}.`);
    const examples = [
      ...examplesIn(importProblemWords.en.right(wrong)),
      ...(target === 'language' ? [] : examplesIn(importProblemWords.fa.right(wrong))),
    ];
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect([example, problemOf(target, example)]).toEqual([example, null]);
  });

  it.each(['باز', 'انجام‌شده', 'لغوشده', 'مرجوع'])('names words that are known: %s', (status) => {
    expect(problemOf('status', status)).toBeNull();
  });

  it('keeps words of another direction from turning those around them', () => {
    const wrong = problemOf('amount', 'دوازده');
    if (!wrong) throw new Error('A word is no amount.');
    expect(importProblemWords.en.wrong(wrong)).toBe('“\u2068دوازده\u2069” is no amount of money.');
    const options = { ...wrong, data: { options: ['یزد', 'ری'] } };
    expect(importProblemWords.en.right(options)).toBe('One of: “\u2068یزد\u2069”, “\u2068ری\u2069”.');
  });
});

describe('letters that cannot be read', () => {
  it.each(['name', 'mobile', 'email', 'customerNumber', 'username', 'city', 'statusText', 'title'])(
    'are told wherever they stand: %s',
    (target) => {
      const kind = target === 'city' ? 'customers' : 'purchases';
      const { problems } = word(kind, [[target, 'a\uFFFDb'], ...also[kind]]);
      expect(problems).toMatchObject([{ target, value: 'a\uFFFDb', data: { why: 'encoding' } }]);
    },
  );

  it('are told of each of several columns', () => {
    const { problems } = word('customers', [
      ['name', 'گلاره'],
      ['name', 'پ\uFFFDرسا'],
      ['address', 'یزد'],
      ['address', 'کوچه\uFFFD'],
      ...also.customers,
    ]);
    expect(problems.map(({ value }) => value)).toEqual(['پ\uFFFDرسا', 'کوچه\uFFFD']);
  });
});
