import { hostname } from 'node:os';
import { CommandError, type Doc, isDoc } from '../bson/values.ts';
import { newStats, planQuery, type Query, runQuery } from '../query/query.ts';
import { Slices } from '../session/control.ts';
import { int32 } from '../wire/raw.ts';
import { BUILD } from './admin.ts';
import { collectionName, NO_COLLECTION, pipelineOf, stagesOf } from './aggregate.ts';
import { type Command, type Context, evalContext, paced, viewOf } from './command.ts';
import { doc, docs, flag, optionalDoc, refuse, text } from './fields.ts';
import { queryOf } from './find.ts';
import { describeQuery } from './plan.ts';

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

interface Explained {
  collection: string;
  query: Query;
  /** The stage that works on what the query finds: UPDATE, DELETE, COUNT; or none. */
  above?: string;
  /** Stages of a pipeline that the planner does not do. */
  rest?: Doc[];
}

/** The query inside a command; `context.body` is that command. */
function queryIn(context: Context, name: string, slices: Slices): Explained {
  const { body } = context;
  refuse(body, ['collation']);
  switch (name) {
    case 'find':
      return {
        collection: text(body, name),
        query: queryOf(context, optionalDoc(body, 'filter') ?? {}, slices),
      };
    case 'count':
      return {
        collection: text(body, name),
        query: queryOf(context, optionalDoc(body, 'query') ?? {}, slices),
        above: 'COUNT',
      };
    case 'distinct':
      return {
        collection: text(body, name),
        query: queryOf(context, optionalDoc(body, 'query') ?? {}, slices),
      };
    case 'findAndModify':
    case 'findandmodify':
      return {
        collection: text(body, name),
        query: { ...queryOf(context, optionalDoc(body, 'query') ?? {}, slices), limit: 1 },
        above: flag(body, 'remove') ? 'DELETE' : 'UPDATE',
      };
    case 'update':
    case 'delete':
      return writeIn(context, name, slices);
    case 'aggregate':
      return pipelineIn(context, slices);
    default:
      throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function writeIn(context: Context, name: 'update' | 'delete', slices: Slices): Explained {
  const list = docs(context.body, name === 'update' ? 'updates' : 'deletes');
  const [statement] = list;
  if (!statement || list.length > 1) throw new CommandError(72, 'explained write batches must be of size 1');
  refuse(statement, ['collation']);
  const many = name === 'update' ? flag(statement, 'multi') : !flag(statement, 'limit');
  return {
    collection: text(context.body, name),
    query: {
      filter: doc(statement, 'q'),
      sort: optionalDoc(statement, 'sort'),
      limit: many ? undefined : 1,
      hint: statement['hint'],
      context: evalContext(context, optionalDoc(context.body, 'let')),
      pace: slices,
    },
    above: name.toUpperCase(),
  };
}

function pipelineIn(context: Context, slices: Slices): Explained {
  const { body } = context;
  const { stages, output } = stagesOf(body);
  const { pushdown, rest, fields, origin } = pipelineOf(context, slices, stages);
  if (origin || collectionName(body) === NO_COLLECTION)
    throw new CommandError(115, 'the embedded engine explains pipelines that read a collection');
  return {
    collection: text(body, 'aggregate'),
    query: {
      ...pushdown,
      hint: body['hint'],
      fields,
      context: evalContext(context, optionalDoc(body, 'let')),
      pace: slices,
    },
    rest: output ? [...rest, output] : rest,
  };
}

/** What running the query costs; of a writing command only the finding is run. */
async function execution(context: Context, asked: Explained, plan: Doc, slices: Slices): Promise<Doc> {
  const collection = context.catalog.get(context.db, asked.collection);
  const stats = newStats();
  const began = performance.now();
  let returned = 0;
  if (collection)
    for await (const _ of paced(runQuery(viewOf(context), collection, asked.query, stats), slices))
      returned++;
  const silent = asked.above !== undefined;
  return {
    executionSuccess: true,
    nReturned: int32(silent ? 0 : returned),
    executionTimeMillis: int32(Math.round(performance.now() - began)),
    totalKeysExamined: int32(stats.keysExamined),
    totalDocsExamined: int32(stats.docsExamined),
    executionStages: {
      ...plan,
      nReturned: int32(silent ? 0 : returned),
      ...(asked.above === 'COUNT' && { nCounted: int32(returned) }),
      ...(asked.above === 'UPDATE' && { nMatched: int32(returned) }),
      ...(asked.above === 'DELETE' && { nWouldDelete: int32(returned) }),
    },
  };
}

function winningPlan(context: Context, { collection: name, query, above }: Explained): Doc {
  const collection = context.catalog.get(context.db, name);
  const found = collection
    ? describeQuery(planQuery(viewOf(context), collection, query), query)
    : { stage: 'EOF' };
  return above ? { stage: above, inputStage: found } : found;
}

export const explain: Command = {
  fields: ['verbosity'],
  async run(context) {
    const command = doc(context.body, 'explain');
    const verbosity = context.body['verbosity'] ?? 'allPlansExecution';
    if (!VERBOSITIES.includes(String(verbosity)))
      throw new CommandError(9, `verbosity string must be one of {'${VERBOSITIES.join("', '")}'}`);
    const [name = ''] = Object.keys(command);
    if (name === 'explain') throw new CommandError(20, 'Explain cannot explain itself.');
    const inner: Context = { ...context, body: command };
    const slices = new Slices(context.control);
    const asked = queryIn(inner, name, slices);
    const plan = winningPlan(inner, asked);
    const cursor: Doc = {
      queryPlanner: {
        namespace: `${context.db}.${asked.collection}`,
        parsedQuery: asked.query.filter,
        indexFilterSet: false,
        winningPlan: plan,
        rejectedPlans: [],
      },
    };
    if (verbosity !== 'queryPlanner') {
      const stats = await execution(inner, asked, plan, slices);
      cursor['executionStats'] = verbosity === 'executionStats' ? stats : { ...stats, allPlansExecution: [] };
    }
    const staged = asked.rest && asked.rest.length > 0;
    const explained = staged ? { stages: [{ $cursor: cursor }, ...asked.rest!.filter(isDoc)] } : cursor;
    return {
      doc: {
        explainVersion: '1',
        ...explained,
        command,
        serverInfo: { host: hostname(), gitVersion: BUILD },
      },
    };
  },
};
