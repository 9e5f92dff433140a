import type { Line } from './suite.ts';

type Verdicts = Line['verdict']['verdict'];

const count = (lines: readonly Line[], verdict: Verdicts) =>
  lines.filter((line) => line.verdict.verdict === verdict).length;

const counts = (lines: readonly Line[]) =>
  `${count(lines, 'pass')} pass, ${count(lines, 'fail')} fail, ${count(lines, 'skip')} skip`;

/** One suite: its figures, then a line for every failure. */
export function printSuite(suite: string, lines: readonly Line[]): void {
  console.log(`${suite}: ${counts(lines)}`);
  for (const { file, test, verdict } of lines)
    if (verdict.verdict === 'fail')
      console.log(`  ${verdict.side}  ${file} · ${test} · ${verdict.reason.replaceAll(/\s+/g, ' ')}`);
}

/** All suites: the figures, the failures by whose they are, the skips by the requirement that was not met. */
export function printTotals(lines: readonly Line[]): void {
  console.log(`total: ${counts(lines)}`);
  const sides = { refused: 0, client: 0, wrong: 0 };
  const reasons = new Map<string, number>();
  for (const { verdict } of lines) {
    if (verdict.verdict === 'fail') sides[verdict.side] += 1;
    if (verdict.verdict === 'skip') reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1);
  }
  console.log(
    `failures: ${sides.refused} refused by the server, ${sides.client} of the client, ${sides.wrong} wrong`,
  );
  if (reasons.size > 0) console.log('skipped, since they need:');
  for (const [reason, times] of [...reasons].sort(([, a], [, b]) => b - a))
    console.log(`  ${times}  ${reason}`);
}
