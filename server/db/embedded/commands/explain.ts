import { compilePipeline } from '../aggregate/aggregate.ts';
import { CommandError, type Doc, numberOf } from '../bson/values.ts';
import type { Plan } from '../query/planner.ts';
import { newStats, planQuery, type Query, runQuery } from '../query/query.ts';
import { Slices } from '../session/control.ts';
import { int32 } from '../wire/raw.ts';
import { type Command, type Context, evalContext, paced, viewOf } from './command.ts';
import { checkFields, doc, docs, optionalDoc, text } from './fields.ts';

/** A plan in the words of MongoDB's explain. */
export function describePlan(plan: Plan, sort: Doc | undefined): Doc {
  if (sort && !plan.sorted)
    return { stage: 'SORT', sortPattern: sort, inputStage: describePlan(plan, undefined) };
  if (plan.kind === 'union')
    return {
      stage: 'FETCH',
      inputStage: { stage: 'OR', inputStages: plan.plans.map((one) => describePlan(one, undefined)) },
    };
  const direction = plan.reverse ? 'backward' : 'forward';
  if (plan.kind === 'collection') return { stage: 'COLLSCAN', direction };
  const scanned: Doc = {
    stage: 'IXSCAN',
    keyPattern: plan.index?.key ?? { _id: int32(1) },
    indexName: plan.index?.name ?? '_id_',
    isMultiKey: plan.index?.multikey ?? false,
    isUnique: plan.index?.unique ?? true,
    direction,
    ranges: int32(plan.spans.length),
  };
  const merged = plan.merge && plan.spans.length > 1;
  return { stage: 'FETCH', inputStage: merged ? { stage: 'SORT_MERGE', inputStage: scanned } : scanned };
}

interface Explained {
  collection: string;
  query: Omit<Query, 'context' | 'pace'>;
}

/** The query inside a command. */
function queryIn(context: Context, command: Doc): Explained {
  const name = Object.keys(command)[0] ?? '';
  const limit = Math.abs(numberOf(command['limit']) ?? 0);
  const skip = numberOf(command['skip']) ?? 0;
  const { hint } = command;
  const sort = optionalDoc(command, 'sort');
  switch (name) {
    case 'find':
      return {
        collection: text(command, name),
        query: { filter: optionalDoc(command, 'filter') ?? {}, sort, limit, skip, hint },
      };
    case 'count':
    case 'distinct':
      return {
        collection: text(command, name),
        query: { filter: optionalDoc(command, 'query') ?? {}, limit, skip, hint },
      };
    case 'findAndModify':
      return {
        collection: text(command, name),
        query: { filter: optionalDoc(command, 'query') ?? {}, sort, limit: 1, hint },
      };
    case 'update':
    case 'delete': {
      const [statement] = docs(command, name === 'update' ? 'updates' : 'deletes');
      return {
        collection: text(command, name),
        query: { filter: doc(statement ?? {}, 'q'), hint: statement?.['hint'] },
      };
    }
    case 'aggregate': {
      const { pushdown } = compilePipeline(docs(command, 'pipeline'), {
        ...evalContext(context, optionalDoc(command, 'let')),
        source: () => {
          throw new CommandError(1, 'an explained pipeline reads nothing');
        },
      });
      return { collection: text(command, name), query: { ...pushdown, hint } };
    }
    default:
      throw new CommandError(115, `the embedded engine does not explain '${name}'`);
  }
}

export const explain: Command = {
  fields: ['verbosity'],
  async run(context) {
    const { body, catalog, db } = context;
    checkFields('explain', body, new Set(['verbosity']));
    const { collection: name, query: asked } = queryIn(context, doc(body, 'explain'));
    const collection = catalog.get(db, name);
    const slices = new Slices(context.control);
    const query: Query = { ...asked, context: evalContext(context), pace: slices };
    const winningPlan = collection
      ? describePlan(planQuery(viewOf(context), collection, query), query.sort)
      : { stage: 'EOF' };
    const planner = { namespace: `${db}.${name}`, parsedQuery: query.filter, winningPlan, rejectedPlans: [] };
    const command = { explainVersion: '1', queryPlanner: planner, command: body['explain'] };
    if (body['verbosity'] === 'queryPlanner') return { doc: command };
    const stats = newStats();
    const began = performance.now();
    let returned = 0;
    if (collection)
      for await (const _ of paced(runQuery(viewOf(context), collection, query, stats), slices)) returned++;
    const executionStats = {
      executionSuccess: true,
      nReturned: int32(returned),
      executionTimeMillis: int32(Math.round(performance.now() - began)),
      totalKeysExamined: int32(stats.keysExamined),
      totalDocsExamined: int32(stats.docsExamined),
      executionStages: winningPlan,
    };
    return { doc: { ...command, executionStats } };
  },
};
