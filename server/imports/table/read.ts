import { Readable } from 'node:stream';
import { type CsvError, Parser } from 'csv-parse';
import iconv from 'iconv-lite';
import type { ImportDialect } from '../../../shared/import.ts';
import { partedBy } from './dialect.ts';

/** A row as it stands in the table. */
export interface TableRow {
  /** As a spreadsheet counts: the first of the file is 1, empty ones are counted. */
  row: number;
  cells: string[];
  /** It cannot be read: why. */
  broken: string | null;
}

/** Longer than any row of a table; a quote that is never closed would else take in all that follows. */
const longestRow = 256 * 1024;
/** Characters that are parsed at once. */
const pieceLength = 8 * 1024;
/** Characters that tell whether the table begins with what parts its columns. */
const beginning = 16;

/**
 * The rows of a table that have anything in them, its header apart, one by one: however large the file is, no more than a few are
 * held. What is not as it should be is a row that says so; only a stream that breaks off throws.
 */
export async function* rowsOf(
  bytes: AsyncIterable<Uint8Array>,
  dialect: ImportDialect,
): AsyncGenerator<TableRow> {
  let count = 0;
  let lost: TableRow[] = [];
  const parser = new Parser({
    bom: false,
    delimiter: dialect.delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: longestRow,
    // Its number goes before it: here is the only place where rows and what could not be read are met in their order.
    on_record: (cells: string[]) => {
      count += 1;
      return [String(count), ...cells];
    },
    on_skip: (error: CsvError | undefined) => {
      count += 1;
      lost.push({ row: count, cells: [], broken: sentenceOf(error) });
      return undefined;
    },
  });
  const text = Readable.from(decoded(bytes, dialect.encoding));
  text.once('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const [number, ...cells] of parser as AsyncIterable<string[]>) {
      const row = Number(number);
      for (const one of lost.filter((other) => other.row < row)) yield one;
      lost = lost.filter((other) => other.row > row);
      if (row === 1 && dialect.header) continue;
      if (cells.some((cell) => cell.trim())) yield { row, cells, broken: null };
    }
    yield* lost;
  } finally {
    text.destroy();
    parser.destroy();
  }
}

async function* decoded(
  bytes: AsyncIterable<Uint8Array>,
  encoding: ImportDialect['encoding'],
): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  let held: string | null = '';
  const begun = (text: string) => text.replace(/^\uFEFF/, '').replace(partedBy, '');
  for await (const chunk of bytes) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (held === null) yield* pieces(text);
    else if (held.length + text.length < beginning) held += text;
    else {
      yield* pieces(begun(held + text));
      held = null;
    }
  }
  const rest = decoder.end() ?? '';
  yield* pieces(held === null ? rest : begun(held + rest));
}

/** What is parsed at once keeps everybody else waiting: a stored chunk is thousands of rows. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
}

function sentenceOf(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'A quotation mark is opened in this row and never closed.';
    case 'CSV_MAX_RECORD_SIZE':
      return 'The row is longer than 256 KB: most likely a quotation mark is opened and never closed.';
    default:
      return 'The quotation marks of this row do not fit together.';
  }
}
