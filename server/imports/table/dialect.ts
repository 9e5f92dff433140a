import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { type ImportDialect, importDelimiters } from '../../../shared/import.ts';
import { asciiDigits } from '../../../shared/text/normalise.ts';

/** How much of a table is looked at before it is known how to read it. */
export const headBytes = 256 * 1024;

/** Rows that are looked at for what parts their columns. */
const headRows = 50;

/** How a table is written, by its beginning. */
export function dialectOf(head: Buffer, options: { whole: boolean }): ImportDialect {
  const encoding = encodingOf(head);
  const text = textOf(head, encoding);
  const delimiter = delimiterOf(text, options.whole);
  return { encoding, delimiter, header: isHeader(rowsOf(text, delimiter, options.whole)) };
}

/** The first rows of a table, as they are in it. */
export function headOf(head: Buffer, dialect: ImportDialect, options: { whole: boolean }): string[][] {
  return rowsOf(textOf(head, dialect.encoding), dialect.delimiter, options.whole);
}

function textOf(head: Buffer, encoding: ImportDialect['encoding']): string {
  // Cut through a letter, the last one is none.
  return iconv.decode(head, encoding).replace(/\uFFFD$/, '');
}

function encodingOf(head: Buffer): ImportDialect['encoding'] {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  // Delimiters and digits have a zero beside them in UTF-16, and no text of another encoding has zeros.
  const [even, odd] = [0, 1].map((from) => {
    let zeros = 0;
    for (let at = from; at < head.length; at += 2) zeros += head[at] === 0 ? 1 : 0;
    return zeros;
  });
  if ((even ?? 0) + (odd ?? 0) > head.length / 50) return (odd ?? 0) > (even ?? 0) ? 'utf-16le' : 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    const arabic = iconv.decode(head, 'windows-1256').match(/\p{Script=Arabic}/gu)?.length ?? 0;
    const high = head.reduce((count, byte) => count + (byte > 127 ? 1 : 0), 0);
    return arabic > high / 2 ? 'windows-1256' : 'windows-1252';
  }
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

/** Words and nothing else, each once: a row of numbers, dates or addresses is data. */
function isHeader([first, ...others]: string[][]): boolean {
  const cells = (first ?? []).map((cell) => asciiDigits(cell).trim());
  if (!cells.length || !others.length) return false;
  const words = cells.filter(Boolean);
  return (
    words.length >= cells.length / 2 &&
    new Set(words).size === words.length &&
    words.every((cell) => cell.length <= 80 && !/^[+\d\s.,/:()-]+$/.test(cell) && !/\S@\S+\.\S/.test(cell))
  );
}
