import { asOne } from '../../shared/text/find.ts';
import type { NumberChoice, Query, Unit, WordUnit } from '../../shared/text/query.ts';
import { gram, gramsOf, numberSign, termOf } from '../../shared/text/terms.ts';
import { beginningWith, exactly, type Lookup } from './search.keys.ts';

/** Each unit is found in one of several ways, a way by all of its lookups. What it gives holds every match, and a little more. */
export type Plan = Lookup[][][];

export function planOf({ units }: Query): Plan {
  return units.map((unit, at) => {
    const ways = waysOf(unit);
    for (const both of [asOne(units[at - 1], unit), asOne(unit, units[at + 1])])
      if (both) ways.push([wordLookup(both.joined, both.prefix)]);
    return ways;
  });
}

function waysOf(unit: Unit): Lookup[][] {
  if (unit.kind === 'number') return unit.ways.map((way) => way.flatMap((choice) => numberLookups(choice)));
  const apart = partLookups(unit);
  if (unit.parts.length === 1) return [apart];
  return /^\d+$/.test(unit.joined) ? [apart] : [[wordLookup(unit.joined, unit.prefix)], apart];
}

function partLookups({ parts, prefix }: WordUnit): Lookup[] {
  return parts.flatMap((part, index) => {
    const last = index === parts.length - 1;
    if (/^\d+$/.test(part)) return numberLookups({ digits: part, national: false });
    return [wordLookup(part, prefix && last)];
  });
}

const wordLookup = (word: string, prefix: boolean): Lookup =>
  prefix ? beginningWith(termOf(word)) : exactly(termOf(word));

function numberLookups({ digits }: NumberChoice): Lookup[] {
  if (digits.length < gram) return [exactly(numberSign + digits)];
  return [...new Set(gramsOf(digits))].map(exactly);
}

/** Every key that a plan reads. */
export function keysOfPlan(plan: Plan): string[] {
  return [...new Set(plan.flat(2).map((lookup) => lookup.key))];
}
