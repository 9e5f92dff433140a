import type { StatedKind } from '../../shared/customer.ts';
import { valueFromText } from '../../shared/field.text.ts';
import { checkedValue, NotAValue } from '../../shared/field.ts';
import type { CustomerTarget, ImportKind, ImportMapping, ImportProblem } from '../../shared/import.ts';
import { birthdayProblem } from '../../shared/profile.ts';
import {
  Currency,
  externalIdOf,
  type RecordItem,
  type RecordPut,
  recordAtProblem,
} from '../../shared/record.ts';
import { readCid } from '../../shared/text/cid.ts';
import { readIdentity } from '../../shared/text/identity.ts';
import { asciiDigits } from '../../shared/text/normalise.ts';
import { cleanName } from '../customers/customer.name.ts';
import type { Value } from '../customers/profile.values.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { readAmount, readQuantity } from './cells/amount.ts';
import { type Cell, readText } from './cells/cell.ts';
import { readDay, readMoment, within } from './cells/date.ts';
import { readStatus } from './cells/status.ts';
import type { TableRow } from './table/read.ts';

/** One row of a table, understood. With problems it is not brought in. */
export interface RowWord {
  row: number;
  problems: ImportProblem[];
  cid: string | null;
  identities: { kind: StatedKind; value: string; display: string }[];
  /** '' where the row gives none. */
  name: string;
  /** What it says of the profile, in the words of edits. */
  values: Value[];
  record: { externalId: string | null; put: RecordPut } | null;
  /** The number that rows of one purchase share, also where something is wrong with the row. */
  number: string | null;
}

const kindOf: Record<Exclude<CustomerTarget, 'cid'>, StatedKind> = {
  mobile: 'mobile',
  phone: 'phone',
  email: 'emailAddress',
  nationalCode: 'nationalCode',
  customerNumber: 'customerNumber',
  username: 'username',
};

const lengths: Record<string, number> = { city: 80, address: 400, job: 120 };

export interface ReadOptions {
  kind: ImportKind;
  mapping: ImportMapping;
  headers: readonly string[];
  fields: ReadonlyMap<string, FieldDoc>;
  /** Of times in the table. */
  timeZone: string;
  now: Date;
}

/** How the rows of one table are understood, by its mapping. */
export function rowReader(options: ReadOptions): (row: TableRow) => RowWord {
  return (row) => new Row(options, row).word();
}

/** What is wrong is gathered, all of it: who mends a row wants to do so once. */
class Row {
  private readonly options: ReadOptions;
  private readonly source: TableRow;
  private readonly problems: ImportProblem[] = [];

  constructor(options: ReadOptions, source: TableRow) {
    this.options = options;
    this.source = source;
  }

  word(): RowWord {
    const { row, broken } = this.source;
    const blank = {
      row,
      problems: this.problems,
      cid: null,
      identities: [],
      name: '',
      values: [],
      record: null,
      number: asciiDigits(this.texts('externalId')[0] ?? '') || null,
    };
    if (broken) {
      this.problems.push({
        column: null,
        target: null,
        value: '',
        code: 'columns',
        message: broken,
        right: 'Quotation marks in pairs; one within a quoted cell is written twice.',
      });
      return blank;
    }
    const name = cleanName(
      this.readable('name')
        .map(({ text }) => text)
        .join(' '),
    );
    const customer = { cid: this.cid(), identities: this.identities(), name };
    if (!customer.cid && !customer.identities.length && !this.problems.length)
      this.problems.push({
        column: null,
        target: null,
        value: '',
        code: 'noCustomer',
        message: 'The row does not say whose it is.',
        right: 'A value in at least one of the columns by which customers are found.',
      });
    if (this.options.kind === 'customers') return { ...blank, ...customer, values: this.values() };
    return { ...blank, ...customer, record: this.record() };
  }

  private columnsOf(target: string): number[] {
    return this.options.mapping.columns.filter((one) => one.target === target).map(({ column }) => column);
  }

  /** What stands in the columns of a target, those that are empty left out. */
  private texts(target: string): string[] {
    return this.cellsOf(target).map(({ text }) => text);
  }

  private cellsOf(target: string): { column: number; text: string }[] {
    return this.columnsOf(target).flatMap((column) => {
      const text = (this.source.cells[column] ?? '').trim();
      return text ? [{ column, text }] : [];
    });
  }

  /** Those in which every letter can be read; of the others it is told. */
  private readable(target: string): { column: number; text: string }[] {
    return this.cellsOf(target).filter((cell) => {
      const lost = cell.text.includes('\uFFFD');
      if (lost) this.tell(target, cell, unreadable);
      return !lost;
    });
  }

  private tell(target: string, cell: { column: number; text: string } | null, problem: Problem): void {
    const column = cell?.column ?? this.columnsOf(target)[0];
    this.problems.push({
      column: column === undefined ? null : this.options.headers[column] || `column ${column + 1}`,
      target,
      value: (cell?.text ?? '').slice(0, 100),
      ...problem,
    });
  }

  /** One cell, read; null when it is empty or wrong, which then is told. */
  private one<T>(target: string, read: (text: string) => Cell<T>): T | null {
    const [cell] = this.readable(target);
    if (!cell) return null;
    const value = read(cell.text);
    if (value.ok) return value.value;
    this.tell(target, cell, value);
    return null;
  }

  private cid(): string | null {
    return this.one('cid', (text) => {
      const cid = readCid(text);
      if (cid) return { ok: true, value: cid };
      return {
        ok: false,
        code: 'malformed',
        message: `“${text.slice(0, 40)}” is no customer number of this program: its digits do not fit together.`,
        right: 'Ten digits, as the page of a customer shows them.',
      };
    });
  }

  private identities(): RowWord['identities'] {
    const found = new Map<string, RowWord['identities'][number]>();
    for (const [target, kind] of Object.entries(kindOf))
      for (const cell of this.readable(target)) {
        const read = readIdentity(kind, cell.text);
        if (read.ok)
          found.set(`${read.kind}:${read.value}`, {
            kind: read.kind,
            value: read.value,
            display: read.display,
          });
        else
          this.tell(target, cell, {
            code: 'malformed',
            message: read.message,
            right: read.suggestion ? `Probably ${read.suggestion}.` : '',
            data: read.suggestion ? { suggestion: read.suggestion } : {},
          });
      }
    return [...found.values()];
  }

  private values(): Value[] {
    const values: Value[] = [];
    const { calendar, monthFirst } = this.options.mapping;
    const birthday = this.one('birthday', (text) =>
      within(readDay(text, { calendar, monthFirst }), (day) => birthdayProblem(day, this.options.now)),
    );
    if (birthday) values.push({ field: 'birthday', value: birthday });
    for (const [field, most] of Object.entries(lengths)) {
      const texts = this.texts(field);
      if (!texts.length) continue;
      const value = this.one(field, () => readText(texts.join('، '), most));
      if (value) values.push({ field, value });
    }
    const language = this.one('language', readLanguage);
    if (language) values.push({ field: 'language', value: language });
    for (const { target } of this.options.mapping.columns) {
      if (!target.startsWith('field:')) continue;
      const value = this.one(target, (text) => this.fieldValue(target.slice('field:'.length), text));
      if (value !== null) values.push({ field: `fields.${target.slice('field:'.length)}`, value });
    }
    return values;
  }

  private fieldValue(id: string, text: string): Cell<unknown> {
    const field = this.options.fields.get(id);
    const { calendar, monthFirst } = this.options.mapping;
    if (!field || field.archived)
      return {
        ok: false,
        code: 'unknownValue',
        message: 'The field of this column is not there any more.',
        right: 'Another field, or none, for this column.',
      };
    try {
      const value = valueFromText(field, text, (one) => {
        const read = readDay(one, { calendar, monthFirst });
        return read.ok ? read.value : null;
      });
      return { ok: true, value: value === null ? null : checkedValue(field, value) };
    } catch (error) {
      if (!(error instanceof NotAValue)) throw error;
      return {
        ok: false,
        code: 'malformed',
        message: `“${text.slice(0, 40)}” does not fit “${field.name}”.`,
        right: error.message,
        data: {
          field: { name: field.name, type: field.type },
          options: field.options.filter((one) => !one.archived).map(({ name }) => name),
        },
      };
    }
  }

  private record(): RowWord['record'] {
    const { mapping, timeZone, now } = this.options;
    const before = this.problems.length;
    const { calendar, monthFirst, unit } = mapping;
    const currency =
      this.one('currency', (text) => {
        const code = currencyOf(text);
        return code ? { ok: true, value: code } : noCurrency(text);
      }) ?? mapping.currency;
    const money = (text: string) => readAmount(text, { currency, unit });
    const text = (target: string, most: number) => this.one(target, (one) => readText(one, most)) ?? '';
    const at = this.one('at', (one) =>
      within(readMoment(one, { calendar, monthFirst, timeZone }), (when) => recordAtProblem(when, now)),
    );
    if (!at && this.problems.length === before)
      this.tell('at', null, { code: 'empty', message: 'The date is missing.', right: 'When it was.' });
    const externalId = externalIdOf(text('externalId', 200));
    const item = this.item(money);
    const title = text('title', 300) || item?.name || externalId;
    if (!title)
      this.tell('title', null, {
        code: 'empty',
        message: 'Nothing says what this was.',
        right: 'A title, the name of what was bought, or a number.',
      });
    const put: RecordPut = {
      at: (at ?? new Date(0)).toISOString(),
      title: title.slice(0, 300),
      amount: this.one('amount', money),
      currency,
      items: item ? [item] : [],
      status: this.one('status', (one) => readStatus(one, mapping.statuses)) ?? 'done',
      statusText: (this.readable('statusText')[0]?.text ?? this.texts('status')[0] ?? '').slice(0, 100),
      note: text('note', 2_000),
      referralCode: text('referralCode', 60),
    };
    return this.problems.length > before ? null : { externalId: externalId || null, put };
  }

  private item(money: (text: string) => Cell<number>): RecordItem | null {
    const name = this.one('itemName', (text) => readText(text, 300)) ?? '';
    const code = this.one('itemCode', (text) => readText(text, 100)) ?? '';
    if (!name && !code) return null;
    return {
      name: name || code,
      code,
      quantity: this.one('itemQuantity', readQuantity) ?? 1,
      amount: this.one('itemAmount', money),
    };
  }
}

type Problem = Pick<ImportProblem, 'code' | 'message' | 'right' | 'data'>;

const unreadable: Problem = {
  code: 'malformed',
  message: 'Some of its letters cannot be read: the table is in another encoding, or this cell is damaged.',
  right:
    'Choose the encoding in which the letters are right, often Windows-1256; or write this cell anew in the file.',
  data: { why: 'encoding' },
};

/** As people write the language of a customer. */
function readLanguage(text: string): Cell<string> {
  const names = new Map([
    ['فارسی', 'fa'],
    ['persian', 'fa'],
    ['farsi', 'fa'],
    ['انگلیسی', 'en'],
    ['english', 'en'],
    ['عربی', 'ar'],
    ['arabic', 'ar'],
  ]);
  const word = text.toLowerCase().trim();
  const value =
    names.get(word) ?? (/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/.test(text.trim()) ? text.trim() : null);
  if (value) return { ok: true, value };
  return {
    ok: false,
    code: 'unknownValue',
    message: `“${text.slice(0, 40)}” is no language we know.`,
    right: 'Such as fa, en or ar.',
  };
}

function currencyOf(text: string): string | null {
  const words = new Map([
    ['ریال', 'IRR'],
    ['rial', 'IRR'],
    ['rials', 'IRR'],
    ['﷼', 'IRR'],
    ['€', 'EUR'],
    ['$', 'USD'],
    ['یورو', 'EUR'],
    ['دلار', 'USD'],
  ]);
  const code = words.get(text.trim().toLowerCase()) ?? text.trim().toUpperCase();
  return Currency.safeParse(code).success ? code : null;
}

const noCurrency = (text: string): Cell<never> => ({
  ok: false,
  code: 'unknownValue',
  message: `“${text.slice(0, 40)}” is no currency. Tomans are no currency of their own: amounts may say them.`,
  right: 'Three letters such as IRR or EUR.',
});
