import { childOf, isContainer } from '../../bson/paths.ts';
import { docOf } from '../../bson/values.ts';

/** Where a match notes the place in the outermost array, for the positional `$`. */
export interface Hit {
  positional?: number;
}

/** Asks one value found on a path; undefined is "missing". */
export type Test = (value: unknown, hit: Hit | null) => boolean;

/** Asks a document (or an array's element taken as one). */
export type Node = (doc: unknown, hit: Hit | null) => boolean;

interface Route {
  parts: readonly string[];
  /** Whether an array at the path's end is entered: its elements first, then the array itself. */
  enter: boolean;
  test: Test;
}

/**
 * A node that asks every value a dotted path leads to, as MongoDB walks: arrays on the way fan out over the documents in
 * them, a number also names a place; a path that ends in nothing is missing, but an array of scalars on the way is no end.
 */
export function pathNode(path: string, enter: boolean, test: Test): Node {
  const route: Route = { parts: path.split('.'), enter, test };
  return (doc, hit) => walk(route, doc, 0, { hit, index: undefined });
}

interface Place {
  hit: Hit | null;
  index: number | undefined;
}

function ask(route: Route, value: unknown, place: Place): boolean {
  if (!route.test(value, place.hit)) return false;
  if (place.hit && place.index !== undefined) place.hit.positional = place.index;
  return true;
}

function walk(route: Route, from: unknown, at: number, place: Place): boolean {
  const { parts } = route;
  let value = from;
  let i = at;
  while (i < parts.length && !Array.isArray(value)) {
    value = childOf(value, parts[i]!);
    i += 1;
    if (value === undefined) return ask(route, undefined, place);
  }
  if (!Array.isArray(value)) return ask(route, value, place);
  if (i < parts.length) return fanOut(route, value, i, place);
  if (route.enter) {
    for (let k = 0; k < value.length; k++) {
      if (ask(route, value[k], { hit: place.hit, index: place.index ?? k })) return true;
    }
  }
  return ask(route, value, place);
}

function fanOut(route: Route, array: unknown[], i: number, place: Place): boolean {
  const { parts } = route;
  for (let k = 0; k < array.length; k++) {
    const element = array[k];
    const inside = { hit: place.hit, index: place.index ?? k };
    if (docOf(element) !== undefined && walk(route, element, i, inside)) return true;
    if (parts[i] !== String(k)) continue;
    // A named place is no place that the walk found: `$` does not stand for it, and an array there is not entered.
    if (
      i + 1 === parts.length
        ? ask(route, element, place)
        : isContainer(element) && walk(route, element, i + 1, place)
    )
      return true;
  }
  return false;
}
