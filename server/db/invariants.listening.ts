import type { HitDoc, HitHourDoc } from '../listening/hit.model.ts';
import { increments, recountChanges } from '../listening/hit.settle.ts';
import type { Models } from './models.ts';

/** The hours' counts are those of the hits. */
export async function listeningHolds(models: Models): Promise<string[]> {
  const left = new Map<string, number>();
  const add = (path: string, by: number) => {
    const sum = (left.get(path) ?? 0) + by;
    if (sum === 0) left.delete(path);
    else left.set(path, sum);
  };
  for await (const doc of models.hits.find({}).sort({ _id: 1 }).lean<HitDoc[]>().cursor())
    for (const [id, { inc }] of increments(recountChanges(doc as HitDoc)))
      for (const [path, by] of Object.entries(inc)) add(`${id} ${path}`, by);
  for await (const doc of models.hitHours.find({}).sort({ _id: 1 }).lean<HitHourDoc[]>().cursor()) {
    const { _id, n, of, by, tags } = doc as HitHourDoc;
    for (const [path, count] of numbersIn({ n, of, by, tags })) add(`${_id} ${path}`, -count);
  }
  return [...left].map(([path, by]) => `hits of hour ${path}: counted ${-by} too many`);
}

function numbersIn(value: object, path = ''): [string, number][] {
  return Object.entries(value).flatMap(([name, one]): [string, number][] =>
    typeof one === 'number' ? [[path + name, one]] : numbersIn(one as object, `${path}${name}.`),
  );
}
