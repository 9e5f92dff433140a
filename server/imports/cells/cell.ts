import type { ImportProblemData } from '../../../shared/import.ts';
import { cleanText } from '../../../shared/text/normalise.ts';

/** What stood in a cell, as it is kept; or what is wrong with it and what would be right, each in a sentence. */
export type Cell<T> =
  | { ok: true; value: T }
  | {
      ok: false;
      code: 'malformed' | 'tooLong' | 'unknownValue' | 'empty';
      message: string;
      right: string;
      data?: ImportProblemData;
    };

export function wrong(message: string, right: string, data: ImportProblemData = {}): Cell<never> {
  return { ok: false, code: 'malformed', message, right, data };
}

/** A text of one line or several, no longer than what it is for. */
export function readText(text: string, most: number): Cell<string> {
  const value = cleanText(text);
  if (value.length <= most) return { ok: true, value };
  return {
    ok: false,
    code: 'tooLong',
    message: `It has ${value.length} characters.`,
    right: `At most ${most} characters.`,
    data: { most, has: value.length },
  };
}
