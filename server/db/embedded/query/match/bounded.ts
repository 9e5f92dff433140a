import { createContext, Script } from 'node:vm';
import { CommandError } from '../../bson/values.ts';

/** Milliseconds that one pattern may search one text. */
const LIMIT_MS = 100;

/** Texts up to these lengths are searched in no time, whatever the pattern: by the kind of repetition in it. */
const HARMLESS = { nested: 24, several: 256, one: 4096 };

const search = new Script('regex.exec(text)');
const place = createContext({}) as { regex?: RegExp; text?: string };

/** The longest text that a pattern surely searches in time. */
function harmlessLength(source: string): number {
  const bare = source.replace(/\\./gu, '_').replace(/\[[^\]]*\]/gu, '_');
  if (/\)(?:[*+]|\{)/u.test(bare)) return HARMLESS.nested;
  const repetitions = bare.match(/[*+]|\{\d+,\}/gu)?.length ?? 0;
  if (repetitions === 0) return Number.POSITIVE_INFINITY;
  return repetitions > 1 ? HARMLESS.several : HARMLESS.one;
}

/**
 * A regular expression whose backtracking has an end: one that would hold everybody up answers code 51156, where MongoDB's own
 * engine says that its match limit is exceeded.
 */
export class BoundedRegExp extends RegExp {
  private readonly plain: RegExp;
  private readonly harmless: number;

  constructor(source: string | RegExp, flags?: string) {
    super(source, flags);
    this.plain = new RegExp(this.source, this.flags);
    this.harmless = harmlessLength(this.source);
  }

  override exec(text: string): RegExpExecArray | null {
    this.plain.lastIndex = this.lastIndex;
    const found = text.length > this.harmless ? this.searched(text) : this.plain.exec(text);
    this.lastIndex = this.plain.lastIndex;
    return found;
  }

  private searched(text: string): RegExpExecArray | null {
    place.regex = this.plain;
    place.text = text;
    try {
      return search.runInContext(place, { timeout: LIMIT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new CommandError(
        51156,
        `Error occurred while executing the regular expression: /${this.source}/ takes too long on a text of ${text.length} characters; write it without repetitions of repetitions`,
      );
    }
  }
}
