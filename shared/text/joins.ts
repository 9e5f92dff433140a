import { bound, loose } from './affixes.ts';
import { halfSpace } from './fold.ts';
import type { Gap, Word } from './tokens.ts';

/** Words of a text that may as well be written as one. */
export interface Joined {
  text: string;
  /** In the original text. */
  start: number;
  end: number;
  digits: boolean;
}

interface Run extends Joined {
  gap: Gap;
  sign: string;
  /** How many words it is of. */
  count: number;
  /** Some write it together with the run before, so that both spellings are to find each other. */
  hangs: boolean;
}

/** So many are joined at the most. */
const most = 3;

/** Every way in which neighbouring words of a text may be written as one. */
export function joinsOf(words: readonly Word[]): Joined[] {
  const runs = touching(words);
  const joins: Joined[] = [];
  for (let from = 0; from < runs.length; from += 1) {
    const first = runs[from] as Run;
    if (first.count > 1) joins.push(first);
    let { text, digits } = first;
    for (let to = from + 1; to < runs.length && to < from + most; to += 1) {
      const run = runs[to] as Run;
      if (!run.hangs) break;
      text += run.text;
      digits &&= run.digits;
      if (isWhole(runs, from, to)) joins.push({ text, start: first.start, end: run.end, digits });
    }
  }
  return joins;
}

/** Letters and digits that touch are one: 12kg, a1b2c3. */
function touching(words: readonly Word[]): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (const { text, start, end, gap, sign, digits } of words) {
    if (gap === 'touch' && last) {
      last.text += text;
      last.end = end;
      last.digits = false;
      last.count += 1;
      continue;
    }
    last = { text, start, end, gap, sign, digits, count: 1, hangs: false };
    runs.push(last);
  }
  for (let at = 1; at < runs.length; at += 1) {
    const run = runs[at] as Run;
    run.hangs = hangs(runs[at - 1] as Run, run);
  }
  return runs;
}

function hangs(before: Run, run: Run): boolean {
  if (run.gap === 'break') return false;
  // A name and its host are two, however near.
  if (run.gap === 'tight') return run.sign !== '@';
  return hasAffix(before, run, bound) || hasAffix(before, run, loose);
}

export function hasAffix(
  before: { text: string },
  after: { text: string },
  affixes: typeof bound | typeof loose,
): boolean {
  return affixes.before.has(before.text) || affixes.after.has(after.text);
}

/** What hangs together by signs (ali.rezaei, INV-2024/00123) is joined as a whole or not at all. */
function isWhole(runs: readonly Run[], from: number, to: number): boolean {
  for (let at = from + 1; at <= to; at += 1)
    if (bySign(runs[at])) return !bySign(runs[from]) && !bySign(runs[to + 1]);
  return true;
}

const bySign = (run: Run | undefined) => run?.gap === 'tight' && run.hangs && run.sign !== halfSpace;
