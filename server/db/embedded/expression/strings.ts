import { Int32 } from 'bson';
import { compareText } from '../bson/order.ts';
import { CommandError, integerOf, numberType, typeAlias } from '../bson/values.ts';
import { BoundedRegExp } from '../query/match/bounded.ts';
import { compileRegex } from '../query/match/regex.ts';
import { convertTo } from './convert.ts';
import {
  type Compiler,
  isNullish,
  MANY,
  namedOperands,
  type Operator,
  type OperatorTable,
  over,
  overPresent,
} from './operator.ts';

function textOf(value: unknown, name: string, code: number): string {
  if (typeof value === 'string') return value;
  throw new CommandError(code, `${name} requires a string argument, found: ${typeAlias(value)}`);
}

/** Null as empty text; dates and numbers by their own words, as $toLower, $substr and $strcasecmp take them. */
function lenientText(value: unknown, name: string): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date || numberType(value) !== undefined) return convertTo('string', value) as string;
  throw new CommandError(16007, `can't convert from BSON type ${typeAlias(value)} to String for ${name}`);
}

const asciiLower = (text: string): string => text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
const asciiUpper = (text: string): string => text.replace(/[a-z]+/g, (run) => run.toUpperCase());

function place(value: unknown, name: string): number {
  const n = integerOf(value);
  if (n === undefined) throw new CommandError(34450, `${name} needs whole numbers for its places`);
  return n;
}

function substringCP([text, start, length]: unknown[], name: string): string {
  const from = place(start, name);
  const count = place(length, name);
  if (from < 0 || count < 0) throw new CommandError(34454, `${name}: start and length must not be negative`);
  return [...lenientText(text, name)].slice(from, from + count).join('');
}

function substringBytes([text, start, length]: unknown[], name: string): string {
  const bytes = Buffer.from(lenientText(text, name));
  const from = place(start, name);
  const count = place(length, name);
  if (from < 0) throw new CommandError(50752, `${name}: the starting index must not be negative`);
  const end = count < 0 ? bytes.length : Math.min(bytes.length, from + count);
  for (const at of [from, end]) {
    if (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) {
      throw new CommandError(28656, `${name}: Invalid range, a place is in the middle of a UTF-8 character.`);
    }
  }
  return bytes.subarray(from, Math.max(from, end)).toString();
}

const WHITESPACE =
  '\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

function trimming(sides: { left: boolean; right: boolean }): Operator {
  return (operand, compiler, name) => {
    const named = namedOperands(operand, name, { required: ['input'], optional: ['chars'] });
    const input = compiler.compile(named['input']);
    const chars = Object.hasOwn(named, 'chars') ? compiler.compile(named['chars']) : () => WHITESPACE;
    return (scope) => {
      const [text, set] = [input(scope), chars(scope)];
      if (isNullish(text) || isNullish(set)) return null;
      const all = [...textOf(text, name, 50699)];
      const cut = new Set(textOf(set, `${name}'s chars`, 50700));
      let from = 0;
      let to = all.length;
      while (sides.left && from < to && cut.has(all[from]!)) from += 1;
      while (sides.right && to > from && cut.has(all[to - 1]!)) to -= 1;
      return all.slice(from, to).join('');
    };
  };
}

function replacing(all: boolean): Operator {
  return (operand, compiler, name) => {
    const named = namedOperands(operand, name, { required: ['input', 'find', 'replacement'] });
    const parts = ['input', 'find', 'replacement'].map((key) => compiler.compile(named[key]));
    return (scope) => {
      const values = parts.map((part) => part(scope));
      if (values.some(isNullish)) return null;
      const [input, find, replacement] = values.map((value) => textOf(value, name, 51746)) as [
        string,
        string,
        string,
      ];
      return all ? input.replaceAll(find, () => replacement) : input.replace(find, () => replacement);
    };
  };
}

/** The regular expression of $regexMatch and $regexFind; compiled once where it is a constant. */
function searching(operand: unknown, compiler: Compiler, name: string) {
  const named = namedOperands(operand, name, { required: ['input', 'regex'], optional: ['options'] });
  const input = compiler.compile(named['input']);
  const pattern = compiler.compile(named['regex']);
  const options = compiler.compile(named['options'] ?? null);
  let last: { pattern: unknown; options: unknown; regex: RegExp } | undefined;
  return (scope: Parameters<typeof input>[0]): { text: string; regex: RegExp } | null => {
    const text = input(scope);
    const given = pattern(scope);
    const flags = options(scope);
    if (isNullish(text) || isNullish(given)) return null;
    if (!last || last.pattern !== given || last.options !== flags) {
      const regex = compileRegex(given, isNullish(flags) ? undefined : textOf(flags, name, 51106));
      last = { pattern: given, options: flags, regex };
    }
    return { text: textOf(text, name, 51104), regex: last.regex };
  };
}

const regexMatch: Operator = (operand, compiler, name) => {
  const search = searching(operand, compiler, name);
  return (scope) => {
    const found = search(scope);
    return found?.regex.test(found.text) ?? false;
  };
};

const regexFind: Operator = (operand, compiler, name) => {
  const search = searching(operand, compiler, name);
  return (scope) => {
    const found = search(scope);
    const match = found?.regex.exec(found.text);
    if (!match) return null;
    const idx = [...match.input.slice(0, match.index)].length;
    return { match: match[0], idx: new Int32(idx), captures: match.slice(1).map((group) => group ?? null) };
  };
};

const regexFindAll: Operator = (operand, compiler, name) => {
  const search = searching(operand, compiler, name);
  return (scope) => {
    const found = search(scope);
    if (!found) return [];
    const { source, flags } = found.regex;
    const all = new BoundedRegExp(source, flags.includes('g') ? flags : `${flags}g`);
    return [...found.text.matchAll(all)].map((match) => ({
      match: match[0],
      idx: new Int32([...match.input.slice(0, match.index)].length),
      captures: match.slice(1).map((group) => group ?? null),
    }));
  };
};

function indexOfBytes([text, part, start, end]: unknown[], name: string): Int32 | null {
  if (isNullish(text)) return null;
  const all = Buffer.from(textOf(text, name, 40091));
  const wanted = Buffer.from(textOf(part, name, 40092));
  const from = start === undefined ? 0 : edge(start, name);
  const to = Math.min(all.length, end === undefined ? all.length : edge(end, name));
  if (from > to) return new Int32(-1);
  return new Int32(all.subarray(0, to).indexOf(wanted, from));
}

/** Where a search begins or ends. */
function edge(value: unknown, name: string): number {
  const n = integerOf(value);
  if (n === undefined)
    throw new CommandError(40096, `${name} requires whole numbers for its places, found ${typeAlias(value)}`);
  if (n < 0) throw new CommandError(40097, `${name} requires a place from 0 on, found ${n}`);
  return n;
}

function indexOfCP([text, part, start, end]: unknown[], name: string): Int32 | null {
  if (isNullish(text)) return null;
  const all = [...textOf(text, name, 40093)];
  const wanted = [...textOf(part, name, 40094)];
  const from = start === undefined ? 0 : edge(start, name);
  const to = Math.min(all.length, end === undefined ? all.length : edge(end, name));
  for (let i = from; i + wanted.length <= to; i++) {
    if (wanted.every((c, k) => all[i + k] === c)) return new Int32(i);
  }
  return new Int32(-1);
}

export const stringOperators: OperatorTable = {
  $concat: overPresent(0, MANY, (values, name) => values.map((value) => textOf(value, name, 16702)).join('')),
  $toLower: over(1, 1, ([value], name) => asciiLower(lenientText(value, name))),
  $toUpper: over(1, 1, ([value], name) => asciiUpper(lenientText(value, name))),
  $strcasecmp: over(
    2,
    2,
    ([a, b], name) =>
      new Int32(Math.sign(compareText(asciiUpper(lenientText(a, name)), asciiUpper(lenientText(b, name))))),
  ),
  $substrCP: over(3, 3, substringCP),
  $substrBytes: over(3, 3, substringBytes),
  $substr: over(3, 3, substringBytes),
  $strLenCP: over(1, 1, ([value], name) => new Int32([...textOf(value, name, 34471)].length)),
  $strLenBytes: over(1, 1, ([value], name) => new Int32(Buffer.byteLength(textOf(value, name, 34473)))),
  $split: overPresent(2, 2, ([text, by], name) => {
    const separator = textOf(by, name, 40086);
    if (separator === '') throw new CommandError(40087, '$split requires a non-empty separator');
    return textOf(text, name, 40085).split(separator);
  }),
  $trim: trimming({ left: true, right: true }),
  $ltrim: trimming({ left: true, right: false }),
  $rtrim: trimming({ left: false, right: true }),
  $replaceOne: replacing(false),
  $replaceAll: replacing(true),
  $indexOfCP: over(2, 4, indexOfCP),
  $regexMatch: regexMatch,
  $regexFind: regexFind,
  $regexFindAll: regexFindAll,
  $indexOfBytes: over(2, 4, indexOfBytes),
};
