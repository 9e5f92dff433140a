import type { DuplicateReason, DuplicateReasonKind } from '../../shared/duplicate.ts';
import { countNames, nameSimilarity, sameName } from '../../shared/text/names.ts';
import { maskedNationalCode } from '../../shared/text/national-code.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { keyParts } from '../db/key.ts';
import { nameOf, type Sign, type SignHow } from './facts.keys.ts';

/** What two customers are compared by. */
export type Comparable = Pick<FactsDoc, '_id' | 'dupKeys' | 'signs' | 'nameKeys'> & {
  profile: Pick<FactsDoc['profile'], 'city' | 'companyIds'>;
  activity: Pick<FactsDoc['activity'], 'channelIds'>;
};

/** Below this two customers are left alone. */
export const leastScore = 35;

/** Two names are near enough to count beside something else. */
const nearName = 0.45;
/** …or so far apart that they speak against. */
const farName = 0.42;

/**
 * How much it speaks for two customers being one person, and why: the strongest first. 0 where nothing does.
 * @param holders how many customers have a key; null when it is too common to say anything
 */
export function compareCustomers(
  a: Comparable,
  b: Comparable,
  holders: (key: string) => number | null,
): { score: number; reasons: DuplicateReason[] } {
  const name = likeness(a, b);
  const reasons = [
    ...sharedIdentities(a, b, holders),
    ...ofNames(a, b, { name, holders }),
    ...ofCircumstances(a, b, { name, holders }),
  ];
  if (!reasons.some((reason) => reason.weight > 0)) return { score: 0, reasons: [] };
  const all = [...reasons, ...against(a, b, { name, reasons })];
  const sum = all.reduce((points, reason) => points + reason.weight, 0);
  all.sort((x, y) => y.weight - x.weight || x.kind.localeCompare(y.kind));
  return { score: Math.max(0, Math.min(100, Math.round(sum))), reasons: all };
}

interface NameLikeness {
  /** Null when one of them has no name. */
  score: number | null;
  reason: string;
  /** Both have more than one word. */
  whole: boolean;
}

function likeness(a: Comparable, b: Comparable): NameLikeness {
  const [one, two] = [nameOf(a.signs), nameOf(b.signs)];
  if (!one || !two) return { score: null, reason: 'different', whole: false };
  return { ...nameSimilarity(one, two), whole: Math.min(countNames(one), countNames(two)) > 1 };
}

/** The stronger way of two in which one has the same sign. */
const strength: readonly SignHow[] = [
  'proven',
  'stated',
  'named',
  'left',
  'unproven',
  'claimed',
  'field',
  'other',
];

const same: Record<string, { kind: DuplicateReasonKind; weight: number }> = {
  n: { kind: 'sameNationalCode', weight: 80 },
  c: { kind: 'sameCustomerNumber', weight: 70 },
  h: { kind: 'sameHandle', weight: 78 },
  u: { kind: 'sameUsername', weight: 45 },
  m: { kind: 'sameMobile', weight: 48 },
  e: { kind: 'sameEmail', weight: 48 },
  d: { kind: 'sameDevice', weight: 42 },
};

/** Whose kind of key it is. */
const letterOf = (key: string) => key.slice(0, key.indexOf(':'));
const signOf = (key: string) => key.slice(key.indexOf(':') + 1);

/** What a person reads of it. */
function shownOf(key: string): string {
  const letter = letterOf(key);
  if (letter === 'd') return '';
  // Of a name on a platform, without the platform.
  if (letter === 'h') return signOf(signOf(key));
  return letter === 'n' ? maskedNationalCode(signOf(key)) : signOf(key);
}

function sharedIdentities(
  a: Comparable,
  b: Comparable,
  holders: (key: string) => number | null,
): DuplicateReason[] {
  const found: DuplicateReason[] = [];
  for (const key of new Set(a.signs.map((sign) => sign.key))) {
    const shape = same[letterOf(key)];
    const [one, two] = inBoth(a, b, key);
    if (!shape || !one || !two || holders(key) === null) continue;
    const owned = [one.how, two.how].some((how) => how === 'proven' || how === 'stated');
    const other = [one, two].sort((x, y) => strength.indexOf(y.how) - strength.indexOf(x.how))[0]?.how;
    const said = owned ? bySaying(other, letterOf(key)) : null;
    found.push({
      kind: said?.kind ?? shape.kind,
      what: shownOf(key),
      weight: said?.weight ?? shape.weight,
      evidence: [one.id, two.id],
    });
  }
  found.sort((x, y) => y.weight - x.weight);
  // A second sign of the same person says less than the first.
  return found.map((reason, i) => (i === 0 ? reason : { ...reason, weight: Math.round(reason.weight / 2) }));
}

/** What it is when one owns it and the other has it in this way. */
function bySaying(
  how: SignHow | undefined,
  letter: string,
): { kind: DuplicateReasonKind; weight: number } | null {
  if (how === 'unproven') return { kind: 'unprovenAddress', weight: 62 };
  if (how === 'left') return { kind: 'leftContact', weight: 62 };
  if (how === 'claimed')
    return { kind: 'claimedIdentity', weight: letter === 'n' || letter === 'c' ? 80 : 66 };
  return null;
}

/** The sign as each of the two has it; none where it does not say that they are one. */
function inBoth(a: Comparable, b: Comparable, key: string): [Sign, Sign] | [] {
  const [one, two] = [strongest(a.signs, key), strongest(b.signs, key)];
  return one && two && !(letterOf(key) === 'h' && changedHands(one, two)) ? [one, two] : [];
}

/** Two ids that one account of ours met are two people: a name that both were seen under went from one to the other. */
function changedHands(one: Sign, two: Sign): boolean {
  const account = ({ id }: Sign) => keyParts(id)?.[1]?.split(':')[0];
  return one.how === 'proven' && two.how === 'proven' && account(one) === account(two);
}

function strongest(signs: readonly Sign[], key: string): Sign | undefined {
  return signs
    .filter((sign) => sign.key === key)
    .sort((x, y) => strength.indexOf(x.how) - strength.indexOf(y.how))[0];
}

interface With {
  name: NameLikeness;
  holders: (key: string) => number | null;
}

function ofNames(a: Comparable, b: Comparable, { name, holders }: With): DuplicateReason[] {
  if (name.score === null || name.score < nearName) return [];
  const rare = name.whole ? rarity(a, b, holders) : alone;
  const weight = name.score >= sameName ? 45 * name.score * rare : 12 * name.score;
  return [{ kind: 'similarName', what: name.reason, weight: Math.round(weight), evidence: ['name', 'name'] }];
}

/** How rare a given or a family name by itself is taken to be. */
const alone = 0.3;

/** 1 for a name that nobody else has, less for one that many have. */
function rarity(a: Comparable, b: Comparable, holders: (key: string) => number | null): number {
  const shared = a.nameKeys.filter((key) => b.nameKeys.includes(key));
  const counts = (shared.length ? shared : [...a.nameKeys, ...b.nameKeys]).map((key) => holders(`nw:${key}`));
  if (!counts.length || counts.includes(null)) return 0.34;
  const most = Math.max(2, ...counts.map((count) => count ?? 2));
  return 1 / (1 + 0.28 * Math.log2(most - 1));
}

/** What says little alone, and much beside a name. */
function ofCircumstances(a: Comparable, b: Comparable, { name, holders }: With): DuplicateReason[] {
  const near = name.score !== null && name.score >= nearName;
  const like = name.score !== null && name.score >= sameName;
  const found: DuplicateReason[] = [];
  const add = (kind: DuplicateReasonKind, field: string, what: string, weight: number) =>
    found.push({ kind, what, weight, evidence: [field, field] });
  const both = (letter: string) => {
    const key = a.signs.find((sign) => letterOf(sign.key) === letter)?.key;
    return key && b.signs.some((sign) => sign.key === key) && holders(key) !== null ? key : null;
  };
  const birthday = both('b');
  // Of a thousand who bear a name, some were born on one day.
  const born = Math.round(20 + 20 * (name.whole ? rarity(a, b, holders) : alone));
  if (birthday) add('sameBirthday', 'profile:birthday', signOf(birthday), like ? born : near ? 22 : 8);
  const address = both('a');
  if (address) add('samePostalAddress', 'profile:address', '', like ? 35 : near ? 28 : 12);
  const company = a.profile.companyIds.find((id) => b.profile.companyIds.includes(id));
  if (company && near) add('sameCompany', 'profile:companyIds', company, like ? 20 : 10);
  if (a.profile.city && a.profile.city === b.profile.city && like)
    add('sameCity', 'profile:city', a.profile.city, 8);
  return found;
}

/** Signs that two people have one each of. */
function against(
  a: Comparable,
  b: Comparable,
  { name, reasons }: { name: NameLikeness; reasons: readonly DuplicateReason[] },
): DuplicateReason[] {
  const one = (facts: Comparable, letter: string) =>
    facts.signs.find((sign) => letterOf(sign.key) === letter && sign.how !== 'claimed');
  const found: DuplicateReason[] = [];
  const add = (kind: DuplicateReasonKind, what: string, weight: number, evidence: string[]) =>
    found.push({ kind, what, weight, evidence });
  const has = (kind: DuplicateReasonKind) => reasons.some((reason) => reason.kind === kind);
  const [codeA, codeB] = [one(a, 'n'), one(b, 'n')];
  if (codeA && codeB && codeA.key !== codeB.key && !has('sameNationalCode'))
    add('differentNationalCode', '', -60, [codeA.id, codeB.id]);
  if (name.score !== null && name.whole && name.score < farName)
    add('differentName', '', -25, ['name', 'name']);
  const [bornA, bornB] = [one(a, 'b'), one(b, 'b')];
  if (bornA && bornB && bornA.key !== bornB.key) add('differentBirthday', '', -30, [bornA.id, bornB.id]);
  return found;
}

/** What of a pair a "not the same" was said of knowing: what identifies a person by itself. */
export function strongSigns(a: Comparable, b: Comparable): string[] {
  return [...new Set(a.signs.map((sign) => sign.key))]
    .filter((key) => same[letterOf(key)] && inBoth(a, b, key).length)
    .sort();
}
