import {
  englishLexicon,
  finglishLexicon,
  type Language,
  type Lexicon,
  lexiconOf,
  persianLexicon,
} from './lexicon.ts';
import type { Token } from './tokens.ts';
import { emojiWeights, mocking } from './words/signs.ts';

/** A word or phrase of the lists, as it is meant where it stands. */
export interface Hit {
  /** Tokens: from, and how many. */
  from: number;
  count: number;
  /** After denial, degree and drawing out; −4.5 to 4.5. */
  weight: number;
  denied: boolean;
  clause: number;
}

/** What the lists and rules find in a text. */
export interface Reading {
  tokens: readonly Token[];
  keys: string[];
  language: Language;
  hits: Hit[];
  /** The clause of each token. */
  clauses: number[];
  /** Clauses that begin after a "but". */
  turned: Set<number>;
  /** Verbs that deny and have nothing of the lists to deny. */
  idleDenials: number;
  irony: number;
  facts: number;
  plain: number;
  mocks: number;
  /** Words that strengthen or weaken, whether or not they stand before one of the lists. */
  degrees: number;
  emoji: number[];
}

/** Words a denial reaches over, back and forth. */
const back = 4;
const forth = 3;

export function readingOf(tokens: readonly Token[], language: Language): Reading {
  const lexicon = lexiconOf(language);
  const keys = tokens.map((token) =>
    token.kind === 'word' ? lexicon.spell(token.key) : token.kind === 'number' ? token.key.slice(1) : '',
  );
  const { clauses, turned } = clausesOf(tokens, keys, lexicon);
  const reading: Reading = {
    tokens,
    keys,
    language,
    hits: [],
    clauses,
    turned,
    idleDenials: 0,
    irony: count(lexicon.irony, keys),
    facts: count(lexicon.facts, keys),
    plain: count(lexicon.plain, keys),
    degrees: count(lexicon.degrees, keys),
    mocks: tokens.filter((token) => token.kind === 'emoji' && mocking.has(token.key)).length,
    emoji: tokens.flatMap((token) => (token.kind === 'emoji' ? (emojiWeights[token.key] ?? []) : [])),
  };
  findHits(reading, lexicon);
  deny(reading, lexicon);
  return reading;
}

function clausesOf(tokens: readonly Token[], keys: readonly string[], lexicon: Lexicon) {
  const turned = new Set<number>();
  let clause = 0;
  const clauses = tokens.map((token, at) => {
    if (token.kind === 'mark' && token.key !== '') clause += 1;
    else if (at > 0 && lexicon.but.has(keys[at] ?? '')) {
      clause += 1;
      turned.add(clause);
    }
    return clause;
  });
  return { clauses, turned };
}

function count(list: Lexicon['irony'], keys: readonly string[]): number {
  let found = 0;
  for (let at = 0; at < keys.length; at += 1) if (keys[at] && list.find(keys, at)) found += 1;
  return found;
}

function findHits(reading: Reading, lexicon: Lexicon): void {
  const { tokens, keys, clauses, hits } = reading;
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    const found = keys[at] ? (lexicon.words.find(keys, at) ?? foreign(token, reading.language)) : null;
    if (!token || !found) {
      at += 1;
      continue;
    }
    let { weight } = found;
    weight *= degreeBefore(keys, at, lexicon);
    if (token.drawn) weight *= 1.2;
    if (token.shouted) weight *= 1.15;
    hits.push({
      from: at,
      count: found.count,
      weight: Math.max(-4.5, Math.min(4.5, weight)),
      denied: false,
      clause: clauses[at] ?? 0,
    });
    at += found.count;
  }
}

/** People mix: an English word in a Persian sentence. */
function foreign(token: Token | undefined, language: Language): { weight: number; count: number } | null {
  if (token?.kind !== 'word') return null;
  if (language === 'fa' && token.script === 'latin')
    return (
      englishLexicon.words.find([token.key], 0) ??
      finglishLexicon.words.find([finglishLexicon.spell(token.key)], 0)
    );
  if (language !== 'fa' && token.script === 'persian') return persianLexicon.words.find([token.key], 0);
  return null;
}

function degreeBefore(keys: readonly string[], at: number, lexicon: Lexicon): number {
  for (let step = 1; step <= 2 && at - step >= 0; step += 1) {
    const degree = keys[at - step] ? lexicon.degrees.find(keys, at - step) : null;
    if (degree && degree.count <= step) return degree.weight;
  }
  return 1;
}

/** Turns round what is denied: "not good" is bad, though less so; "not bad" hardly good. */
function deny(reading: Reading, lexicon: Lexicon): void {
  const { keys, tokens, hits, clauses } = reading;
  const within = new Map<number, Hit>();
  for (const hit of hits) for (let n = 0; n < hit.count; n += 1) within.set(hit.from + n, hit);
  const turn = (hit: Hit) => {
    if (hit.denied) return;
    hit.denied = true;
    hit.weight *= hit.weight > 0 ? -0.8 : -0.5;
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const key = keys[at] ?? '';
    if (key === '' || within.has(at)) continue;
    if (lexicon.denies(key)) {
      let found: Hit | null = null;
      for (let place = at - 1; place >= 0 && place >= at - back; place -= 1) {
        if (clauses[place] !== clauses[at] || stops(keys[place] ?? '', lexicon)) break;
        found = within.get(place) ?? null;
        if (found) break;
      }
      if (found) turn(found);
      else reading.idleDenials += 1;
    } else if (lexicon.deniesNext.has(key)) {
      for (let place = at + 1; place < tokens.length && place <= at + forth; place += 1) {
        if (clauses[place] !== clauses[at] || lexicon.and.has(keys[place] ?? '')) break;
        const hit = within.get(place);
        if (!hit) continue;
        turn(hit);
        break;
      }
    }
  }
}

const stops = (key: string, lexicon: Lexicon) =>
  (key !== 'هم' && key !== 'ham' && lexicon.and.has(key)) || lexicon.denies(key);

/** The sum of what the lists found, in −1 to 1. */
export function netOf(hits: readonly Hit[]): number {
  const sum = hits.reduce((total, hit) => total + hit.weight, 0);
  return sum / Math.sqrt(sum * sum + 8);
}
