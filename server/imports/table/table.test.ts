import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { ImportDialect } from '../../../shared/import.ts';
import { dialectOf, headOf } from './dialect.ts';
import { rowsOf, type TableRow } from './read.ts';

const persian = 'نام;موبایل;شهر\nگلاره پارسا;09121234567;یزد\n«آریو» ژاله;۰۹۱۲۱۲۳۴۵۶۸;گچساران\n';

async function read(bytes: Buffer, dialect: ImportDialect, chunk = 7): Promise<TableRow[]> {
  const chunks: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += chunk) chunks.push(bytes.subarray(from, from + chunk));
  const rows: TableRow[] = [];
  for await (const row of rowsOf(
    (async function* () {
      yield* chunks;
    })(),
    dialect,
  ))
    rows.push(row);
  return rows;
}

describe('a table', () => {
  it.each([
    ['utf-8', Buffer.from(persian), 'utf-8'],
    ['utf-8 with its mark', Buffer.from(`\uFEFF${persian}`), 'utf-8'],
    ['utf-16le with its mark', iconv.encode(`\uFEFF${persian}`, 'utf-16le'), 'utf-16le'],
    ['utf-16le without', iconv.encode(persian, 'utf-16le'), 'utf-16le'],
    ['utf-16be with its mark', iconv.encode(`\uFEFF${persian}`, 'utf-16be'), 'utf-16be'],
    [
      'windows-1256',
      iconv.encode(persian.replaceAll('ی', 'ي').replace(/[۰-۹]/g, '1'), 'windows-1256'),
      'windows-1256',
    ],
    ['windows-1252', iconv.encode('name;city\nJosé;Besançon\n', 'windows-1252'), 'windows-1252'],
  ])('is read in %s, whichever way it comes apart', async (_name, bytes, encoding) => {
    const dialect = dialectOf(bytes, { whole: true });
    expect(dialect).toEqual({ encoding, delimiter: ';', header: true });
    const rows = await read(bytes, dialect, 3);
    expect(rows[0]?.row).toBe(2);
    expect(rows.map((row) => row.cells.length)).toEqual(
      rows.map(() => (encoding === 'windows-1252' ? 2 : 3)),
    );
    if (encoding !== 'windows-1252') expect(rows[0]?.cells[0]).toMatch(/^گلاره پارسا$/);
    else expect(rows[0]?.cells).toEqual(['José', 'Besançon']);
  });

  it.each([
    ['a,b,c\n1,2,3\n', ','],
    ['a;b;c\n"1,5";2;3\n"1,6";2;3\n', ';'],
    ['a\tb\n1,2\t3\n4,5\t6\n', '\t'],
    ['a|b\n1|2\n', '|'],
    ['one column\nof words\n', ','],
  ])('tells what parts the columns of %j', (text, delimiter) => {
    expect(dialectOf(Buffer.from(text), { whole: true }).delimiter).toBe(delimiter);
  });

  it.each([
    ['نام,موبایل\nگلاره,0912\n', true],
    ['09121234567,گلاره\n09121234568,آریو\n', false],
    ['گلاره,a@example.com\nآریو,b@example.com\n', false],
    ['colour,colour\nx,y\n', false],
    ['name,name\nx,y\n', true],
    ['نام,نام,موبایل\nگلاره,پارسا,0912\n', true],
    ['موبایل;رنگ;مبلغ (تومان);مبلغ (تومان)\n0912;آبی;5;6\n', true],
    ['موبایل;رنگ;رنگ\n0912;آبی;سبز\n', false],
    ['only,words\n', false],
  ])('tells whether the first row of %j names the columns', (text, header) => {
    expect(dialectOf(Buffer.from(text), { whole: true }).header).toBe(header);
  });

  it.each([
    ['sep=;\r\nنام;موبایل\r\nگلاره, پارسا;0912\r\n', ';'],
    ['"sep=\t"\nنام\tموبایل\nگلاره, پارسا\t0912\n', '\t'],
    ['SEP=|\nنام|موبایل\nگلاره, پارسا|0912\n', '|'],
  ])('goes by what Excel reads before the first row, and shows it nobody: %j', async (text, delimiter) => {
    for (const bytes of [Buffer.from(text), iconv.encode(`\uFEFF${text}`, 'utf-16le')]) {
      const dialect = dialectOf(bytes, { whole: true });
      expect(dialect).toMatchObject({ delimiter, header: true });
      expect(headOf(bytes, dialect, { whole: true })[0]).toEqual(['نام', 'موبایل']);
      for (const chunk of [1, 7, 65_536])
        expect(await read(bytes, dialect, chunk)).toEqual([
          { row: 2, cells: ['گلاره, پارسا', '0912'], broken: null },
        ]);
    }
  });

  it('is whole however short it is, and a column may be called sep', async () => {
    const dialect = { encoding: 'utf-8', delimiter: ',', header: false } as const;
    expect(await read(Buffer.from('a,b'), dialect, 1)).toEqual([{ row: 1, cells: ['a', 'b'], broken: null }]);
    expect(await read(Buffer.from('sep=;\n'), dialect)).toEqual([]);
    expect(await read(Buffer.from('sep,b\n'), dialect)).toMatchObject([{ cells: ['sep', 'b'] }]);
  });

  it('is read in the encoding of nearly all its letters, where one is broken', async () => {
    const bytes = Buffer.concat([Buffer.from(persian), Buffer.from([0xd9]), Buffer.from(';0912;یزد\n')]);
    const dialect = dialectOf(bytes, { whole: true });
    expect(dialect.encoding).toBe('utf-8');
    expect((await read(bytes, dialect)).map(({ cells }) => cells[0])).toEqual([
      'گلاره پارسا',
      '«آریو» ژاله',
      '\uFFFD',
    ]);
    const lost = Buffer.from(persian.replace(/[پآ]/g, '\uFFFD').replaceAll('گ', '\uFFFD'));
    expect(dialectOf(lost, { whole: true }).encoding).toBe('utf-8');
  });

  it('counts rows as a spreadsheet does, quoted line ends and empty rows included', async () => {
    const text = 'a,b\r\n"one\r\ntwo",2\r\n\r\n,\r\n"say ""so""",3\r\n';
    const rows = await read(Buffer.from(text), { encoding: 'utf-8', delimiter: ',', header: true });
    expect(rows).toEqual([
      { row: 2, cells: ['one\r\ntwo', '2'], broken: null },
      { row: 5, cells: ['say "so"', '3'], broken: null },
    ]);
  });

  it('says which row cannot be read, and reads on', async () => {
    const dialect = { encoding: 'utf-8', delimiter: ',', header: false } as const;
    const odd = await read(Buffer.from('1,2\n"a" b,3\n4,5\n'), dialect);
    expect(odd.map(({ row }) => row)).toEqual([1, 2, 3]);
    expect(odd[2]?.cells).toEqual(['4', '5']);
    const open = await read(Buffer.from('1,2\n"never closed,3\n4,5\n'), dialect);
    expect(open[0]?.cells).toEqual(['1', '2']);
    expect(open.at(-1)?.broken).toMatch(/never closed/);
    const endless = await read(Buffer.from(`1,2\n"${'x'.repeat(300_000)}`), dialect, 65_536);
    expect(endless.at(-1)?.broken).toMatch(/quotation mark/);
  });

  it('shows its head without the row that was cut', () => {
    const text = `a,b\n${'1,2\n'.repeat(10)}3,`;
    const dialect = dialectOf(Buffer.from(text), { whole: false });
    expect(headOf(Buffer.from(text), dialect, { whole: false })).toHaveLength(11);
  });
});
