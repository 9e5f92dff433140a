import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { type ImportDialect, importDelimiters } from '../../../shared/import.ts';
import { asciiDigits } from '../../../shared/text/normalise.ts';
import { namesColumn } from '../suggest.ts';

/** How much of a table is looked at before it is known how to read it. */
export const headBytes = 256 * 1024;

/** Rows that are looked at for what parts their columns. */
const headRows = 50;

/** What Excel reads before the first row, and shows nobody: what parts the columns. */
export const partedBy = /^"?sep=([,;\t|])"?(\r\n|\n|\r|$)/i;

/** Fewer sound sequences of bytes than this for one that is not are no UTF-8; a table of another encoding has next to none. */
const soundPerBroken = 20;

/** How a table is written, by its beginning. */
export function dialectOf(head: Buffer, options: { whole: boolean }): ImportDialect {
  const encoding = encodingOf(head);
  const all = textOf(head, encoding);
  const text = all.replace(partedBy, '');
  const delimiter = toldDelimiter(all) ?? delimiterOf(text, options.whole);
  return { encoding, delimiter, header: isHeader(rowsOf(text, delimiter, options.whole)) };
}

/** The first rows of a table, as they are in it. */
export function headOf(head: Buffer, dialect: ImportDialect, options: { whole: boolean }): string[][] {
  const text = textOf(head, dialect.encoding).replace(partedBy, '');
  return rowsOf(text, dialect.delimiter, options.whole);
}

/** Text in UTF-16 that begins with its mark: who goes by the first bytes alone takes it for a recording. */
export function isMarkedText(head: Buffer): boolean {
  const mark = markOf(head);
  return mark !== null && mark !== 'utf-8' && !/[\0\p{Cs}]./su.test(textOf(head, mark));
}

function textOf(head: Buffer, encoding: ImportDialect['encoding']): string {
  // Cut through a letter, the last one is none.
  return iconv.decode(head, encoding).replace(/\uFFFD$/, '');
}

/** The encoding that a table says itself. */
function markOf(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return null;
}

function encodingOf(head: Buffer): ImportDialect['encoding'] {
  const mark = markOf(head);
  if (mark) return mark;
  // Delimiters and digits have a zero beside them in UTF-16, and no text of another encoding has zeros.
  const [even, odd] = [0, 1].map((from) => {
    let zeros = 0;
    for (let at = from; at < head.length; at += 2) zeros += head[at] === 0 ? 1 : 0;
    return zeros;
  });
  if ((even ?? 0) + (odd ?? 0) > head.length / 50) return (odd ?? 0) > (even ?? 0) ? 'utf-16le' : 'utf-16be';
  if (isUtf8(head)) return 'utf-8';
  const arabic = iconv.decode(head, 'windows-1256').match(/\p{Script=Arabic}/gu)?.length ?? 0;
  const high = head.reduce((count, byte) => count + (byte > 127 ? 1 : 0), 0);
  return arabic > high / 2 ? 'windows-1256' : 'windows-1252';
}

/** Also where a letter here and there is broken: those rows say so, and the others are as they should be. */
function isUtf8(head: Buffer): boolean {
  const text = new TextDecoder('utf-8').decode(head, { stream: true });
  // The sign for a lost letter may be in the table itself, which is no less sound for it.
  const written = head.toString('latin1').match(/\xEF\xBF\xBD/g)?.length ?? 0;
  const broken = (text.match(/\uFFFD/g)?.length ?? 0) - written;
  const sound = text.match(/[^\0-\x7F\uFFFD]/gu)?.length ?? 0;
  return sound >= broken * soundPerBroken;
}

function toldDelimiter(text: string): ImportDialect['delimiter'] | null {
  const told = partedBy.exec(text)?.[1];
  return importDelimiters.find((one) => one === told) ?? null;
}

/** The one that gives most rows the same number of columns, more than one; of equals the one with more. */
function delimiterOf(text: string, whole: boolean): ImportDialect['delimiter'] {
  let best: { delimiter: ImportDialect['delimiter']; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of importDelimiters) {
    const widths = rowsOf(text, delimiter, whole)
      .filter((row) => row.some(Boolean))
      .map((row) => row.length);
    const columns = widths[0] ?? 0;
    if (columns < 2) continue;
    const alike = widths.filter((width) => width === columns).length / widths.length;
    const score = alike * 100 + Math.min(columns, 50) / 100;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function rowsOf(text: string, delimiter: string, whole: boolean): string[][] {
  const rows: string[][] = parse(text, {
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    to: headRows,
  });
  // What was cut off is no row.
  return whole || rows.length < 2 || rows.length === headRows ? rows : rows.slice(0, -1);
}

/** Words and nothing else: a row of numbers, dates or addresses is data. Only what is known to name columns may stand twice. */
function isHeader([first, ...others]: string[][]): boolean {
  const cells = (first ?? []).map((cell) => asciiDigits(cell).trim());
  if (!cells.length || !others.length) return false;
  const words = cells.filter(Boolean);
  return (
    words.length >= cells.length / 2 &&
    words.every((word, at) => words.indexOf(word) === at || namesColumn(word)) &&
    words.every((cell) => cell.length <= 80 && !/^[+\d\s.,/:()-]+$/.test(cell) && !/\S@\S+\.\S/.test(cell))
  );
}
