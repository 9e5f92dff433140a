import { asOne } from '../../shared/text/find.ts';
import { joinsOf } from '../../shared/text/joins.ts';
import { isNationalCode } from '../../shared/text/national-code.ts';
import { asciiDigits } from '../../shared/text/normalise.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { Query, Unit } from '../../shared/text/query.ts';
import { gram } from '../../shared/text/terms.ts';
import { tokenise } from '../../shared/text/tokens.ts';
import type { IdentityDoc } from './customer.model.ts';

/** Of a name. */
const mostOfName = 160;
/** Of one customer: enough for the hundred identities that one has at most, each number with all its ends. */
export const mostTokens = 1_200;
const longestToken = 60;
/** Words of a name that are paired: the index of common first names is long, that of two words together is short. */
const mostPaired = 4;

/** Every end of a number, so that any part of it is the beginning of one. */
const partSign = '#';
/** Only as a whole. */
const wholeSign = '!';

type Known = Pick<IdentityDoc, 'value' | 'display'> & Partial<Pick<IdentityDoc, 'kind'>>;

/**
 * What a customer is found by, each as the beginning of a token: words of the name, any two of them together, every end of their
 * numbers, parts of their addresses.
 */
export function customerTokens(name: string, identities: readonly Known[]): string[] {
  const ofName = new Set(wordTokens(name));
  const words = tokenise(name).words.slice(0, mostPaired);
  for (const first of words)
    for (const second of words) if (first !== second) ofName.add(`${first.text} ${second.text}`);
  const tokens = new Set([...ofName].slice(0, mostOfName));
  for (const identity of identities) for (const token of identityTokens(identity)) tokens.add(token);
  return [...tokens].map((token) => token.slice(0, longestToken)).slice(0, mostTokens);
}

function* wordTokens(text: string): Generator<string> {
  const { words } = tokenise(text);
  for (const word of words) yield word.text;
  for (const joined of joinsOf(words)) yield joined.text;
}

function* identityTokens({ kind, value, display }: Known): Generator<string> {
  const code = asciiDigits(value).trim();
  if (kind === 'nationalCode' || (kind === undefined && isNationalCode(code))) {
    yield wholeSign + code;
    return;
  }
  // A value that is scoped names places, not people.
  const texts = value.includes(':') ? [display] : value === display ? [value] : [value, display];
  for (const text of texts) {
    const digits = digitsOf(text);
    if (digits === null) yield* wordTokens(text);
    else
      for (let at = 0; at + gram <= Math.max(digits.length, gram); at += 1) yield partSign + digits.slice(at);
  }
}

/** Of a text that is nothing but a number; in Iran's own spelling with its code. */
function digitsOf(text: string): string | null {
  if (!/^\+?[\d\s().-]+$/.test(asciiDigits(text))) return null;
  return parsePhone(text)?.e164.slice(1) ?? asciiDigits(text).replace(/\D/g, '');
}

/** Patterns of which a customer who matches a unit has one token at the least; none where tokens cannot tell. */
function patternsOf(unit: Unit): string[] {
  if (unit.kind === 'words') return [begins(unit.joined, unit.prefix)];
  return unit.ways.flatMap((way) => {
    const [longest = ''] = way.map(({ digits }) => digits).sort((a, b) => b.length - a.length);
    return [begins(partSign + longest, true), begins(wholeSign + longest, false), begins(longest, true)];
  });
}

const begins = (text: string, open: boolean) => `${escaped(text.slice(0, longestToken))}${open ? '' : '$'}`;
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * The patterns to ask the index of tokens by, the best first: a number, two words of a name together, the longest word.
 * Each is anchored, so that the index is read from where it begins.
 */
export function tokenPatterns({ units }: Query): RegExp[][] {
  const asked: string[][] = [];
  for (const unit of units) if (unit.kind === 'number') asked.push(patternsOf(unit));
  const words = units.filter((unit) => unit.kind === 'words');
  const [first, second] = words;
  if (first?.parts.length === 1 && second?.parts.length === 1)
    asked.push([
      begins(`${first.joined} ${second.joined}`, second.prefix),
      begins(first.joined + second.joined, second.prefix),
    ]);
  const [longest] = [...words].sort((a, b) => b.joined.length - a.joined.length);
  if (longest) {
    const [part = longest.joined] = [...longest.parts].sort((a, b) => b.length - a.length);
    asked.push([begins(longest.joined, longest.prefix), begins(part, longest.prefix)]);
  }
  return asked.map((patterns) => [...new Set(patterns)].map((pattern) => new RegExp(`^${pattern}`)));
}

/** Whether a customer's tokens have all of a query. */
export function tokensMatch({ units }: Query, tokens: readonly string[]): boolean {
  return units.every(
    (unit, at) =>
      unitMatches(unit, tokens) ||
      [asOne(units[at - 1], unit), asOne(unit, units[at + 1])].some(
        (both) => both && hasWord(tokens, both.joined, both.prefix),
      ),
  );
}

function unitMatches(unit: Unit, tokens: readonly string[]): boolean {
  if (unit.kind === 'number')
    return unit.ways.some((way) =>
      way.every(({ digits }) =>
        tokens.some(
          (token) =>
            (digits.length >= gram && token.startsWith(partSign + digits)) ||
            token === digits ||
            token === wholeSign + digits,
        ),
      ),
    );
  if (hasWord(tokens, unit.joined, unit.prefix)) return true;
  return (
    unit.parts.length > 1 &&
    unit.parts.every((part, index) => hasWord(tokens, part, unit.prefix && index === unit.parts.length - 1))
  );
}

function hasWord(tokens: readonly string[], word: string, prefix: boolean): boolean {
  return tokens.some((token) => (prefix ? token.startsWith(word) : token === word));
}
