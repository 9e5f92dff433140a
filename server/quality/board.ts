import { may, type Viewer } from '../../shared/access.ts';
import { type QualityBoard, type QualityProblem, qualityProblems } from '../../shared/quality.ts';
import type { Context } from '../context.ts';
import { visibleFacts } from '../customers/customer.visible.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { mayNot } from '../users/user.create.ts';

/** Facts read at once, with a rest after each: whoever waits for an answer does not wait for these. */
const batch = 500;
const restMs = 3;
/** A count is good for so many times as long as it took: of few customers it is always new. */
const goodFor = 4;
const mostMissing = 12;

type Counted = Pick<FactsDoc, '_id' | 'problems' | 'completeness'>;

interface Counting {
  board: Promise<QualityBoard>;
  /** Until when it is good; null while it is being counted. */
  until: number | null;
}

/** By server, then by whom the viewer sees: one count for all who see the same. */
const counted = new WeakMap<object, Map<string, Counting>>();

/** How good the data is of all customers the viewer sees, counted exactly. @throws AppError forbidden */
export function qualityBoard(ctx: Context, viewer: Viewer): Promise<QualityBoard> {
  if (!may(viewer, 'quality.read')) throw mayNot('see the quality of data');
  const boards = counted.get(ctx.db) ?? new Map<string, Counting>();
  counted.set(ctx.db, boards);
  for (const [who, { until }] of boards) if (until !== null && until < performance.now()) boards.delete(who);
  const who = viewer.channelIds === 'all' ? 'all' : JSON.stringify([...viewer.channelIds].sort());
  const known = boards.get(who);
  if (known) return known.board;
  const began = performance.now();
  const counting: Counting = { board: count(ctx, viewer), until: null };
  boards.set(who, counting);
  counting.board.then(
    () => {
      counting.until = performance.now() + (performance.now() - began) * goodFor;
    },
    () => boards.delete(who),
  );
  return counting.board;
}

async function count(ctx: Context, viewer: Viewer): Promise<QualityBoard> {
  const problems = new Map<QualityProblem, number>(qualityProblems.map((problem) => [problem, 0]));
  const missing = new Map<string, number>();
  const completeness = Array.from({ length: 10 }, () => 0);
  let customers = 0;
  let sum = 0;
  for (let after = ''; ; ) {
    const some = await ctx.models.facts
      .find({ _id: { $gt: after }, ...visibleFacts(viewer) }, { problems: 1, completeness: 1 })
      .sort({ _id: 1 })
      .limit(batch)
      .lean<Counted[]>()
      .exec();
    for (const facts of some) {
      customers += 1;
      sum += facts.completeness.score;
      const step = Math.min(9, Math.floor(facts.completeness.score / 10));
      completeness[step] = (completeness[step] ?? 0) + 1;
      for (const problem of facts.problems as QualityProblem[])
        problems.set(problem, (problems.get(problem) ?? 0) + 1);
      for (const field of facts.completeness.missing) missing.set(field, (missing.get(field) ?? 0) + 1);
    }
    const last = some.at(-1);
    if (!last || some.length < batch) break;
    after = last._id;
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  return {
    customers,
    problems: [...problems].map(([problem, count]) => ({ problem, count })),
    completeness,
    mean: customers ? Math.round(sum / customers) : 0,
    missing: [...missing]
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostMissing)
      .map(([field, count]) => ({ field, count })),
    at: ctx.now().toISOString(),
  };
}
