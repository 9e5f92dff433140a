import { type Document, EJSON } from 'bson';
import { featuresOf } from '../wire/record.ts';
import type { Answer, Said } from './answer.ts';
import type { Case, Step } from './cases.ts';

/** Something that can be asked the same as another: a server. */
export interface Asked {
  play(one: Case): Promise<Said[]>;
}

export interface Difference {
  /** What the first difference was made of: the same kind is told once. */
  kind: string;
  case: Case;
  ours: Answer;
  theirs: Answer;
}

/** What sort of difference it is: of answers, or of who refuses. */
export function sort(ours: Answer, theirs: Answer): string {
  if (ours.outcome === theirs.outcome)
    return ours.outcome === 'ok' ? 'two answers' : `${ours.outcome} on both`;
  if (theirs.outcome === 'ok') return `ours refuses: ${ours.outcome}`;
  if (ours.outcome === 'ok') return `theirs refuses: ${theirs.outcome}`;
  return `${ours.outcome}, theirs ${theirs.outcome}`;
}

/** The first step to which the two say something different, without what comes after it; null when there is none. */
export async function firstDifference(one: Case, ours: Asked, theirs: Asked): Promise<Difference | null> {
  const [mine, others] = await Promise.all([ours.play(one), theirs.play(one)]);
  for (const [index, answer] of mine.entries()) {
    const other = others[index];
    if (!other) throw new Error('The other server was asked less.');
    if (answer.outcome === other.outcome && answer.told === other.told) continue;
    const steps = one.steps.slice(0, answer.step + 1);
    const indexes = answer.step < 0 && answer.about === 'insert' ? [] : one.indexes;
    const least = { ...one, steps, indexes };
    return {
      kind: kindOf(least, answer.about, sort(answer, other)),
      case: least,
      ours: answer,
      theirs: other,
    };
  }
  return null;
}

/** Names the commands, operators and types of values that a case is made of. */
function kindOf(one: Case, about: string, how: string): string {
  const features = new Set<string>();
  for (const step of one.steps)
    if ('command' in step) for (const feature of featuresOf(step.command)) features.add(feature);
  const types = new Set<string>();
  for (const step of one.steps) if ('command' in step) typesOf(body(step.command), types);
  typesOf(one.documents, types);
  for (const each of one.indexes)
    for (const option of Object.keys(each)) if (!['key', 'name'].includes(option)) features.add(option);
  if (one.indexes.length) features.add('an index');
  return `${how}: ${about} (${[...features, ...types].join(', ')})`;
}

function body(command: Document): unknown[] {
  return Object.entries(command)
    .slice(1)
    .map(([, value]) => value);
}

function typesOf(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) typesOf(each, found);
  } else if (value instanceof Date) found.add('Date');
  else if (value !== null && typeof value === 'object') {
    if ('_bsontype' in value) found.add(String(value._bsontype));
    else for (const each of Object.values(value)) typesOf(each, found);
  }
}

/** As somebody would type it into a shell, a line each. */
export function written({ case: { indexes, documents, steps }, ours, theirs }: Difference): string[] {
  const json = (value: unknown) => EJSON.stringify(value, { relaxed: true });
  const step = (each: Step) =>
    'end' in each
      ? `session ${each.session}: ${each.end}`
      : `${each.session === undefined ? '' : `session ${each.session}: `}${json(each.command)}`;
  return [
    ...documents.map((each) => `  with ${typed(each)}`),
    ...indexes.map((each) => `  index ${json(each)}`),
    ...steps.map((each) => `  ${step(each)}`),
    `  ours:   ${ours.outcome} ${ours.told}`.trimEnd(),
    `  theirs: ${theirs.outcome} ${theirs.told}`.trimEnd(),
  ];
}

const typed = (value: unknown): string => EJSON.stringify(value, { relaxed: false });
