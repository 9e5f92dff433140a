import { CommandError, regexOf } from '../../bson/values.ts';
import { BoundedRegExp } from './bounded.ts';

/** JavaScript's own `m` is never set, so its `^` and `$` are the very ends of the text. */
const SIMPLE: Record<string, string> = {
  A: '^',
  z: '$',
  Z: '(?=\\n?$)',
  h: '[\\t\\x20\\xa0]',
  s: '[\\t\\n\\v\\f\\r\\x20]',
  S: '[^\\t\\n\\v\\f\\r\\x20]',
};

const IN_CLASS: Record<string, string> = {
  s: '\\t\\n\\v\\f\\r\\x20',
  S: '\\0-\\x08\\x0e-\\x1f\\x21-\\u{10ffff}',
  h: '\\t\\x20\\xa0',
};

interface Options {
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
}

const isWordCharacter = (c: string): boolean => /[0-9A-Za-z]/.test(c);

const invalid = (pattern: string, why: string): CommandError =>
  new CommandError(51091, `Regular expression is invalid: /${pattern}/ ${why}`);

/**
 * A PCRE pattern as MongoDB reads it, in JavaScript's words. The two differ quietly: `$` also stands before a last newline,
 * `.` and the multi-line anchors know \n alone as a line's end, `\s` is ASCII, and needless escapes are allowed.
 */
class Translator {
  private at = 0;
  private readonly pattern: string;
  private readonly options: Options;

  constructor(pattern: string, options: Options) {
    this.pattern = pattern;
    this.options = options;
  }

  run(): string {
    let out = '';
    while (this.at < this.pattern.length) {
      const c = this.pattern[this.at]!;
      this.at += 1;
      out += this.translate(c);
    }
    return out;
  }

  private translate(c: string): string {
    switch (c) {
      case '\\':
        return this.escape();
      case '[':
        return this.characterClass();
      case '.':
        return this.options.dotAll ? '[\\s\\S]' : '[^\\n]';
      case '^':
        return this.options.multiline ? '(?<![^\\n])' : '^';
      case '$':
        return this.options.multiline ? '(?![^\\n])' : '(?=\\n?$)';
      case '{':
        return /^\d+(?:,\d*)?\}/.test(this.pattern.slice(this.at)) ? this.quantifier() : '\\{';
      case '}':
      case ']':
        return `\\${c}`;
      case '(':
        return this.group();
      default:
        return this.literal(c);
    }
  }

  private literal(c: string): string {
    if (this.options.extended) {
      if (/\s/.test(c)) return '';
      if (c === '#') {
        const end = this.pattern.indexOf('\n', this.at);
        this.at = end < 0 ? this.pattern.length : end + 1;
        return '';
      }
    }
    return c;
  }

  private quantifier(): string {
    const end = this.pattern.indexOf('}', this.at) + 1;
    const text = this.pattern.slice(this.at - 1, end);
    this.at = end;
    return text;
  }

  private group(): string {
    const rest = this.pattern.slice(this.at);
    if (rest.startsWith('?P<')) {
      this.at += 3;
      return '(?<';
    }
    if (/^\?(?:[imsx-]+[):]|>|\||#|R|\d|&|\()/.test(rest) || rest.startsWith('*')) {
      throw invalid(
        this.pattern,
        `(${rest.slice(0, 3)} is a PCRE feature that the embedded engine does not know`,
      );
    }
    return '(';
  }

  private escape(): string {
    const c = this.pattern[this.at];
    if (c === undefined) throw invalid(this.pattern, 'ends in a lone backslash');
    this.at += 1;
    if (c === 'Q') return this.quoted();
    if (c === 'E') return '';
    return SIMPLE[c] ?? this.commonEscape(c);
  }

  private quoted(): string {
    const end = this.pattern.indexOf('\\E', this.at);
    const text = this.pattern.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.pattern.length : end + 2;
    return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }

  private commonEscape(c: string): string {
    if (isWordCharacter(c)) {
      if (c === 'a') return '\\x07';
      if (c === 'e') return '\\x1b';
      if (c === 'x') return this.hex();
      return `\\${c}`;
    }
    // An escaped sign stands for itself; JavaScript takes that for its own syntax characters only.
    const code = c.codePointAt(0)!;
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : c;
  }

  private hex(): string {
    const braced = /^\{([0-9a-f]{1,6})\}/i.exec(this.pattern.slice(this.at));
    const plain = /^[0-9a-f]{0,2}/i.exec(this.pattern.slice(this.at))!;
    this.at += (braced ?? plain)[0].length;
    return `\\u{${braced?.[1] ?? (plain[0] || '0')}}`;
  }

  private characterClass(): string {
    let out = '[';
    if (this.pattern[this.at] === '^') {
      this.at += 1;
      out += '^';
    }
    for (let first = true; ; first = false) {
      const c = this.pattern[this.at];
      if (c === undefined) throw invalid(this.pattern, 'has a [ without its ]');
      this.at += 1;
      if (c === ']' && !first) break;
      out += this.classMember(c);
    }
    return `${out}]`;
  }

  private classMember(c: string): string {
    if (c === '[') {
      if (/^[:.=]/.test(this.pattern.slice(this.at)) && /^.[^\]]*[:.=]\]/.test(this.pattern.slice(this.at))) {
        throw invalid(
          this.pattern,
          'has a POSIX class like [:alpha:], which the embedded engine does not know',
        );
      }
      return '\\[';
    }
    if (c === ']') return '\\]';
    if (c !== '\\') return c;
    const next = this.pattern[this.at];
    if (next === undefined) throw invalid(this.pattern, 'ends in a lone backslash');
    this.at += 1;
    return IN_CLASS[next] ?? (next === 'b' ? '\\x08' : this.commonEscape(next));
  }
}

/** Leading `(?i)` and the like are options of the whole. */
function leadingOptions(pattern: string): { pattern: string; options: string } {
  const match = /^\(\?([imsx]+)\)/.exec(pattern);
  return match ? { pattern: pattern.slice(match[0].length), options: match[1]! } : { pattern, options: '' };
}

/** Compiles a regular expression value, or a pattern with options, for `RegExp.test` on whole strings. */
export function compileRegex(value: unknown, options?: string): RegExp {
  const given = typeof value === 'string' ? { pattern: value, options: '' } : regexOf(value as object);
  if (given.pattern.includes('\0'))
    throw new CommandError(2, 'a regular expression may hold no zero character');
  const head = leadingOptions(given.pattern);
  const flags = (options ?? given.options) + head.options;
  const unknown = [...flags].find((flag) => !'imsxu'.includes(flag));
  if (unknown) throw new CommandError(51108, `invalid flag in regex options: ${unknown}`);
  const source = new Translator(head.pattern, {
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
    extended: flags.includes('x'),
  }).run();
  try {
    return new BoundedRegExp(source, flags.includes('i') ? 'iu' : 'u');
  } catch (error) {
    throw invalid(given.pattern, error instanceof Error ? error.message : String(error));
  }
}
