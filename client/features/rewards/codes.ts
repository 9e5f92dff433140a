/** So many codes go into a list at a time. */
export const mostCodes = 10_000;
const longest = 60;

export interface CodeIssue {
  /** From 1. */
  line: number;
  code: string;
  why: 'space' | 'long' | 'twice' | 'known';
  /** Of `twice`: where it stands first. */
  first?: number;
}

export interface ReadCodes {
  codes: string[];
  issues: CodeIssue[];
}

/** Codes as they are pasted: one a line, or the cells of a row. @param known those that the server has in a list already */
export function readCodes(text: string, known: ReadonlySet<string> = new Set()): ReadCodes {
  const codes: string[] = [];
  const issues: CodeIssue[] = [];
  const seen = new Map<string, number>();
  for (const [at, row] of text.split(/\r\n?|\n/).entries()) {
    const line = at + 1;
    for (const cell of row.split(/[\t,;،؛]/)) {
      const code = cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim();
      if (!code) continue;
      const first = seen.get(code);
      if (/\s/.test(code)) issues.push({ line, code, why: 'space' });
      else if (code.length > longest) issues.push({ line, code, why: 'long' });
      else if (first !== undefined) issues.push({ line, code, why: 'twice', first });
      else {
        seen.set(code, line);
        if (known.has(code)) issues.push({ line, code, why: 'known' });
        else codes.push(code);
      }
    }
  }
  return { codes, issues };
}
