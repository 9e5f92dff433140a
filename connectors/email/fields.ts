import { decodeWords } from './words.ts';

/** The header section of a mail, read by hand and within bounds: in order, repeated fields and all, as the checks need it. */

export interface Field {
  /** Lower case. */
  name: string;
  /** Unfolded; latin1, a character a byte. */
  value: string;
}

export interface HeaderSection {
  fields: Field[];
  /** Where the body begins in the mail. */
  bodyAt: number;
  /** Some of it was beyond the bounds and was left out. */
  cut: boolean;
}

const maxSection = 1024 * 1024;
const maxFields = 2000;
const maxValue = 64 * 1024;

export function readFields(raw: Uint8Array): HeaderSection {
  const fields: Field[] = [];
  const section = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, maxSection));
  let at = 0;
  let cut = false;
  while (at < section.length) {
    const feed = section.indexOf(0x0a, at);
    const end = feed < 0 ? section.length : feed;
    const next = feed < 0 ? section.length : feed + 1;
    const stop = section[end - 1] === 0x0d && end > at ? end - 1 : end;
    if (stop === at) return { fields, bodyAt: next, cut };
    if (stop - at > maxValue) cut = true;
    const line = section.toString('latin1', at, Math.min(stop, at + maxValue));
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last && last.value.length < maxValue) last.value += ` ${line.trim()}`;
      else if (last) cut = true;
    } else {
      const colon = line.indexOf(':');
      // An mbox separator is passed over; any other line that is no field is where the body begins.
      if (colon > 0 && /^[\x21-\x39\x3b-\x7e]+[ \t]*$/.test(line.slice(0, Math.min(colon, 200)))) {
        if (fields.length < maxFields)
          fields.push({
            name: line.slice(0, colon).trim().toLowerCase(),
            value: line.slice(colon + 1).trim(),
          });
        else cut = true;
      } else if (!(at === 0 && /^>?From /.test(line))) return { fields, bodyAt: at, cut };
    }
    at = next;
  }
  return { fields, bodyAt: at, cut: cut || raw.length > section.length };
}

/** Of a field that stands several times, the first: later ones are not what people see. */
export function firstOf(fields: readonly Field[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}

export function allOf(fields: readonly Field[], name: string): string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}

/** A field as people read it. */
export function textOf(fields: readonly Field[], name: string): string {
  const value = firstOf(fields, name);
  return value === null ? '' : decodeWords(value, charsetOf(fields)).replace(/\s+/g, ' ').trim();
}

/** The charset that the whole mail declares. */
export function charsetOf(fields: readonly Field[]): string | null {
  return parameterOf(firstOf(fields, 'content-type'), 'charset');
}

/** `name` of `type/subtype; name="value"`. */
export function parameterOf(value: string | null, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{0,500})"|([^\\s;]{0,500}))`, 'i').exec(
    value ?? '',
  );
  return match ? (match[1] ?? match[2] ?? null) : null;
}

/** The words of a structured field before its parameters and comments, lower case: `auto-replied (vacation)` is `auto-replied`. */
export function tokenOf(fields: readonly Field[], name: string): string | null {
  const value = firstOf(fields, name);
  return value === null ? null : (/^[^\s;(]*/.exec(value.trim().toLowerCase())?.[0] ?? '');
}

/** A field without what stands in parentheses, those in one another too; in quotes they are letters (RFC 5322 3.2.2). */
export function withoutComments(value: string): string {
  let depth = 0;
  let quoted = false;
  let out = '';
  for (let at = 0; at < value.length; at += 1) {
    const c = value[at] ?? '';
    if (c === '\\') {
      if (depth === 0) out += value.slice(at, at + 2);
      at += 1;
      continue;
    }
    if (c === '"' && depth === 0) quoted = !quoted;
    if (c === '(' && !quoted) depth += 1;
    else if (c === ')' && depth > 0) depth -= 1;
    else if (depth === 0) out += c;
  }
  return out;
}
