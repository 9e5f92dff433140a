import type { RowWord } from './row.read.ts';

/** One or more rows that are brought in together. */
export interface Unit extends RowWord {
  /** How many rows of the table have been read when this one is done. */
  upTo: number;
}

/**
 * Rows that are one thing, put together: where a table has a row for each line of a purchase, those that follow one another with the
 * same number. What is wrong with one of them is wrong with the purchase.
 *
 * @param options.from rows done with already: they are left out
 */
export async function* unitsOf(
  rows: AsyncIterable<RowWord>,
  options: { lines: boolean; from: number },
): AsyncGenerator<Unit> {
  let read = 0;
  let open: Unit | null = null;
  for await (const row of rows) {
    read += 1;
    if (read <= options.from) continue;
    const goesOn: boolean =
      options.lines && open !== null && row.number !== null && row.number === open.number;
    if (open && goesOn) open = joined(open, row, read);
    else {
      if (open) yield open;
      open = { ...row, upTo: read };
    }
  }
  if (open) yield open;
}

function joined(unit: Unit, row: RowWord, upTo: number): Unit {
  const [a, b] = [unit.record, row.record];
  if (!a || !b) return { ...unit, upTo, problems: [...unit.problems, ...row.problems], record: null };
  return {
    ...unit,
    upTo,
    problems: [...unit.problems, ...row.problems],
    record: { ...a, put: { ...a.put, items: [...a.put.items, ...b.put.items] } },
  };
}

/** What a purchase came to where only its lines say so. */
export function summed(unit: Unit): Unit {
  const { record } = unit;
  if (!record || record.put.amount !== null || !record.put.items.length) return unit;
  const amounts = record.put.items.map(({ amount }) => amount);
  if (amounts.some((amount) => amount === null)) return unit;
  const amount = amounts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return { ...unit, record: { ...record, put: { ...record.put, amount } } };
}
