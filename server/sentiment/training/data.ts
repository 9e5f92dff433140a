import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { labels } from '../model.ts';
import { seeded } from './seeded.ts';

/** One sentence with what it is called and of what kind it is. */
export interface Sentence {
  text: string;
  /** Its place in `labels`. */
  label: number;
  kind: string;
  /** The line of the data that it was made of. */
  line: number;
}

const signs: Readonly<Record<string, number>> = { '-': 0, '0': 1, '+': 2 };

/** Of one line at the most: so no line outweighs the others by having many choices. */
const mostOfLine = 14;

export const dataFolder = fileURLToPath(new URL('sentences/', import.meta.url));
export const evaluationFolder = fileURLToPath(new URL('../evaluation/', import.meta.url));

/** Sentences written out from lines with choices in braces, the same ones each time. */
export function composed(file: string, firstLine: number): Sentence[] {
  const random = seeded(firstLine + 7);
  return linesOf(file, firstLine).flatMap((one) => {
    const found = new Set<string>();
    for (let n = 0; n < mostOfLine * 3 && found.size < mostOfLine; n += 1)
      found.add(written(one.text, random));
    return [...found].map((text) => ({ ...one, text }));
  });
}

/** Sections of `# label kind`, a sentence a line. */
export function linesOf(file: string, firstLine: number): Sentence[] {
  let [label, kind] = [1, 'plain'];
  const sentences: Sentence[] = [];
  for (const [at, line] of readFileSync(`${dataFolder}${file}`, 'utf8').split('\n').entries()) {
    const head = /^# ([-+0]) (\w+)$/.exec(line);
    if (head) [label, kind] = [signs[head[1] ?? ''] ?? 1, head[2] ?? ''];
    else if (line.startsWith('#'))
      throw new Error(`${file}:${at + 1}: a section is "# + kind", "# - kind" or "# 0 kind", not "${line}".`);
    else if (line.trim()) sentences.push({ text: line, label, kind, line: firstLine + at });
  }
  return sentences;
}

function written(template: string, random: () => number): string {
  return template
    .replace(/\{([^{}]*)\}/g, (_, choices: string) => {
      const all = choices.split('|');
      return all[Math.floor(random() * all.length)] ?? '';
    })
    .replace(/\s+([،,.!?؟])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

const greetings: Readonly<Record<string, readonly string[]>> = {
  'fa.txt': ['سلام، ', 'سلام خسته نباشید ', 'ببخشید ', 'والا ', 'راستش '],
  'en.txt': ['Hi, ', 'Hello, ', 'Honestly, ', 'Just to say, ', 'Hey team, ', 'So '],
  'finglish.txt': ['salam, ', 'salam vaght bekheir ', 'bebakhshid ', 'vala ', 'rastesh '],
};
const ends: readonly (readonly string[])[] = [
  ['!', '!!', '...', '.', ' 😡', ' 👎', ' 😒'],
  ['.', '.', ' 🙏', ' 🙂'],
  ['!', '!!', '.', '.', ' 😍', ' 🙏', ' ❤️'],
];

/** Everything to train with. */
export const trainingSentences = (): Sentence[] => [...writtenSentences(), ...keptSentences()];

/** Sentences with their labels, a line each: what an earlier model was judged by, and what agents corrected. */
function keptSentences(): Sentence[] {
  return readdirSync(dataFolder)
    .filter((name) => name.endsWith('.tsv'))
    .sort()
    .flatMap((name, nth) =>
      readTsv(`${dataFolder}${name}`).map((one) => ({ ...one, line: 100_000 * (nth + 1) + one.line })),
    );
}

/** The composed sentences as they are, and some of them greeted, ended and put together as people do. */
function writtenSentences(): Sentence[] {
  return ['fa.txt', 'en.txt', 'finglish.txt'].flatMap((file, at) => {
    const sentences = [...composed(file, at * 10_000), ...composed(`more.${file}`, at * 10_000 + 5_000)];
    const random = seeded(at + 1);
    const pick = <T>(some: readonly T[]): T | undefined => some[Math.floor(random() * some.length)];
    const dressed = sentences.flatMap((one): Sentence[] => {
      const dice = random();
      if (dice < 0.12) return [{ ...one, text: `${pick(greetings[file] ?? [])}${one.text}` }];
      if (dice < 0.3 && !/[?؟!.]$/.test(one.text))
        return [{ ...one, text: `${one.text}${pick(ends[one.label] ?? [])}` }];
      if (dice < 0.36) return [{ ...one, text: one.text.replaceAll('\u200c', random() < 0.5 ? '' : ' ') }];
      if (dice > 0.88) {
        // Two plain sentences of one mood, or a plain statement before it.
        const other = pick(
          sentences.filter(
            (some) =>
              some.kind === 'plain' &&
              (some.label === one.label || (some.label === 1 && one.kind === 'plain')),
          ),
        );
        return other ? [{ ...one, text: `${other.text}. ${one.text}` }] : [];
      }
      return [];
    });
    return [...sentences, ...dressed];
  });
}

/**
 * Sentences written apart, without choices, by which features and settings were chosen: trained with only at the end, when there is
 * nothing left to choose.
 */
export const heldSentences = () => linesOf('held.txt', 90_000);

/** A file of `label<TAB>kind<TAB>sentence`; corrections have their language in place of a kind. */
export function readTsv(path: string): Sentence[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, at): Sentence[] => {
      if (!line.trim()) return [];
      const [label = '', kind = '', ...text] = line.split('\t');
      const place = (labels as readonly string[]).indexOf(label);
      if (place < 0) {
        if (at === 0) return [];
        throw new Error(`${path}:${at + 1}: the first column is no label of ${labels.join(', ')}.`);
      }
      return [{ text: text.join('\t'), label: place, kind, line: at }];
    });
}
