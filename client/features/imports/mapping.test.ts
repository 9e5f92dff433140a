import { type InfiniteData, QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Import, ImportPage } from '../../../shared/import.ts';
import { lacking, mappingOf, offered, withColumn } from './mapping.ts';
import { dropImport, keepImport, withImport } from './queries.ts';

const column = (header: string, suggests: string | null) => ({ header, samples: [], suggests });

const table = (columns: Import['columns'], more: Partial<Import> = {}): Import => ({
  id: 'a',
  kind: 'purchases',
  state: 'uploaded',
  fileName: 'orders.csv',
  bytes: 10,
  byUserId: 'u',
  createdAt: '2026-11-22T10:00:00Z',
  endedAt: null,
  dialect: { encoding: 'utf-8', delimiter: ',', header: true },
  columns,
  mapping: null,
  progress: { rows: 0, of: null },
  check: null,
  result: null,
  undo: null,
  error: null,
  version: 1,
  ...more,
});

const orders = [column('موبایل', 'mobile'), column('تاریخ', 'at'), column('مبلغ (تومان)', 'amount')];

describe('what an import begins with', () => {
  it('is what the server suggests, and tomans where a header says so', () => {
    const mapping = mappingOf(table([...orders, column('؟', null)]));
    expect(mapping.columns).toEqual([
      { column: 0, target: 'mobile' },
      { column: 1, target: 'at' },
      { column: 2, target: 'amount' },
    ]);
    expect(mapping.unit).toBe('toman');
    expect(mappingOf(table([column('amount', 'amount')])).unit).toBe('rial');
  });

  it('is what was last said, where something was', () => {
    const said = { ...mappingOf(table(orders)), unit: 'rial' as const };
    expect(mappingOf(table(orders, { mapping: said }))).toBe(said);
  });

  it('is a table of lines where each row has a product with an amount of its own', () => {
    const lines = [column('no', 'externalId'), column('product', 'itemName'), column('sum', 'itemAmount')];
    expect(mappingOf(table([...orders, ...lines])).lines).toBe(true);
    expect(mappingOf(table([...orders, ...lines.slice(0, 2)])).lines).toBe(false);
  });
});

it('a column that is meant otherwise is so once, and lines go with the number they hang on', () => {
  const begun = mappingOf(
    table([column('no', 'externalId'), column('product', 'itemName'), column('sum', 'itemAmount')]),
  );
  const otherwise = withColumn(begun, 1, 'title');
  expect(otherwise.columns).toContainEqual({ column: 1, target: 'title' });
  expect(otherwise.columns).toHaveLength(3);
  expect(otherwise.lines).toBe(false);
  expect(withColumn(begun, 0, null).columns.map((one) => one.column)).toEqual([1, 2]);
});

it('says what is still to be told: first whose a row is, then when it was', () => {
  const mapping = mappingOf(table(orders));
  expect(lacking('purchases', mapping)).toBeNull();
  expect(lacking('purchases', withColumn(mapping, 1, null))).toBe('date');
  expect(lacking('customers', withColumn(mapping, 1, null))).toBeNull();
  expect(lacking('purchases', withColumn(mapping, 0, null))).toBe('customer');
});

it('offers every target of a kind once', () => {
  for (const kind of ['customers', 'purchases', 'services'] as const)
    expect(new Set(offered(kind)).size).toBe(offered(kind).length);
  expect(offered('services')).not.toContain('itemName');
});

it('a list keeps what is newer and takes what nobody knew on top', () => {
  const one = table(orders, { version: 3 });
  const list = { pages: [{ imports: [one], next: null }], pageParams: [null] };
  const first = (next: Import) =>
    withImport(list, next).pages[0]?.imports.map(({ id, version }) => [id, version]);
  expect(first({ ...one, version: 2 })).toEqual([['a', 3]]);
  expect(first({ ...one, version: 4 })).toEqual([['a', 4]]);
  expect(first({ ...one, id: 'b', version: 1 })).toEqual([
    ['b', 1],
    ['a', 3],
  ]);
});

it('one that was deleted is on no page of the list, and its own page knows', () => {
  const client = new QueryClient();
  const [a, b] = [table(orders), table(orders, { id: 'b' })];
  client.setQueryData<InfiniteData<ImportPage>>(['imports'], {
    pages: [
      { imports: [a], next: 'a' },
      { imports: [b], next: null },
    ],
    pageParams: [null, 'a'],
  });
  keepImport(client, b);
  dropImport(client, 'b');
  const list = client.getQueryData<InfiniteData<ImportPage>>(['imports']);
  expect(list?.pages.map(({ imports }) => imports.map(({ id }) => id))).toEqual([['a'], []]);
  expect(client.getQueryData(['import', 'b'])).toBeNull();
});
