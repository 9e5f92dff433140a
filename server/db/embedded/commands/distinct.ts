import { keyText } from '../aggregate/accumulators.ts';
import { weightOf } from '../aggregate/memory.ts';
import { sortPaced } from '../aggregate/pace.ts';
import { compareValues } from '../bson/order.ts';
import { CommandError } from '../bson/values.ts';
import { valuesAt } from '../query/distinct.ts';
import { topLevel } from '../query/fields.ts';
import { runQuery } from '../query/query.ts';
import { Slices } from '../session/control.ts';
import { MAX_DOCUMENT } from '../wire/raw.ts';
import { type Command, paced, viewOf } from './command.ts';
import { optionalDoc, refuse, text } from './fields.ts';
import { queryOf, refuseWrong } from './find.ts';

export const distinct: Command = {
  fields: ['key', 'query', 'collation', 'hint', 'let'],
  transactional: true,
  async run(context) {
    const { body, catalog, db } = context;
    refuse(body, ['collation', 'let']);
    const collection = catalog.get(db, text(body, 'distinct'));
    const path = text(body, 'key');
    if (path === '' || path.startsWith('$') || path.split('.').includes(''))
      throw new CommandError(2, `'${path}' is no path of a field for distinct`);
    const slices = new Slices(context.control);
    const asked = queryOf(context, optionalDoc(body, 'query') ?? {}, slices);
    if (!collection) {
      refuseWrong(asked);
      return { doc: { values: [] } };
    }
    const query = {
      ...asked,
      sort: undefined,
      skip: undefined,
      limit: undefined,
      fields: new Set([topLevel(path)]),
    };
    const found = new Map<string, unknown>();
    let bytes = 0;
    for await (const row of paced(runQuery(viewOf(context), collection, query), slices))
      for (const value of valuesAt(row.doc, path)) {
        const key = keyText(value);
        if (found.has(key)) continue;
        found.set(key, value);
        bytes += weightOf(value) + 5;
        if (bytes > MAX_DOCUMENT) throw new CommandError(17217, 'distinct too big, 16mb cap');
      }
    const work = sortPaced([...found.values()], compareValues, slices);
    for (;;) {
      const step = work.next();
      if (step.done) return { doc: { values: step.value } };
      await slices.turn();
    }
  },
};
