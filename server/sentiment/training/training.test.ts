import { describe, expect, it } from 'vitest';
import { modelBytes } from '../model.data.ts';
import { readModel, writeModel } from '../model.ts';
import * as english from '../words/english.ts';
import * as finglish from '../words/finglish.ts';
import * as persian from '../words/persian.ts';
import { copiesOf } from './copies.ts';
import { evaluationFolder, heldSentences, readTsv, trainingSentences } from './data.ts';
import { alwaysNeutral, byModel, byWords, figuresOf } from './figures.ts';
import { train } from './train.ts';
import { ingredients, modelHash, readManifest } from './write.ts';

const quick = { epochs: 2, rate: 0.15, ruledDecay: 2e-5, hashedDecay: 3e-4, seed: 20 };

it('training gives the same bytes of the same sentences', () => {
  const some = trainingSentences().filter((_, at) => at % 20 === 0);
  const held = heldSentences().slice(0, 30);
  const [once, again] = [train(some, { held, settings: quick }), train(some, { held, settings: quick })];
  expect(modelHash(writeModel(again))).toBe(modelHash(writeModel(once)));
  const other = train(some, { held, settings: { ...quick, seed: 21 } });
  expect(modelHash(writeModel(other))).not.toBe(modelHash(writeModel(once)));
});

it('the model in the source is the one that was trained of the sentences and words in the source', () => {
  const manifest = readManifest();
  expect(modelHash(Buffer.from(modelBytes, 'base64'))).toBe(manifest.model);
  expect(ingredients(), 'train anew: npm run sentiment -- train').toEqual(manifest.made);
  expect(Buffer.from(modelBytes, 'base64').length).toBeLessThan(400 * 1024);
});

it('what is learnt says more than lists of words and than nothing, of sentences that were not learnt', () => {
  const held = heldSentences();
  const model = train(trainingSentences(), { held, settings: { ...quick, epochs: 4 } });
  const [learnt, words, nothing] = [byModel(model), byWords, alwaysNeutral].map(
    (guess) => figuresOf(held, guess).macroF1,
  );
  expect(learnt).toBeGreaterThan(words ?? 1);
  expect(words).toBeGreaterThan(nothing ?? 1);
});

describe('sentences that the model is judged by', () => {
  const frozen = ['fa.tsv', 'en.tsv'].flatMap((file) =>
    readTsv(`${evaluationFolder}${file}`).map(({ text }) => text),
  );

  it('are none that it was trained with, nor nearly', () => {
    // The place in training alone: whoever takes it out is not to read what the model is judged by.
    const copies = copiesOf([...trainingSentences(), ...heldSentences()], frozen);
    expect(copies.map(({ sentence }) => `${sentence.line}: ${sentence.text}`)).toEqual([]);
  });

  it('are none of the phrases in the lists of words, but for one that everybody says', () => {
    const phrases = [english, persian, finglish].flatMap((lists) =>
      Object.values(lists).flatMap((list) =>
        typeof list === 'string'
          ? list.split(/[|\n]/).map((one) => one.replace(/^-?[\d.]+ /, '').trim())
          : [],
      ),
    );
    expect(phrases.length).toBeGreaterThan(3_000);
    const some = phrases.map((text, line) => ({ text, label: 1, kind: 'plain', line }));
    const found = new Set(copiesOf(some, frozen).map(({ sentence }) => sentence.text));
    expect([...found]).toEqual(['thanks for nothing']);
  });

  it.each([
    ['the same but for what is no letter', (text: string) => `${text.toUpperCase()} 😩👠!!`],
    ['the same but for its spaces', (text: string) => text.replace(/\s+/g, '\u200c')],
    ['the same but for its last word', (text: string) => `${text.replace(/\s*\S+\s*$/, '')} otherwise`],
  ])('would be found in training: %s', (_, rewritten) => {
    const long = frozen.filter((text) => (text.match(/[\p{L}\p{N}]+/gu) ?? []).length >= 12);
    const some = long.map((text, line) => ({ text: rewritten(text), label: 1, kind: 'plain', line }));
    expect(long.length).toBeGreaterThan(100);
    expect(copiesOf(some, frozen).length).toBe(some.length);
  });

  it('may have a word or two, or a few of many words, in common with it', () => {
    const own = [
      'ممنون',
      'Thanks!',
      'the zipper of my red coat is stuck',
      'where is the red coat that I ordered',
    ];
    const others = ['ممنون 🙏', 'thanks', 'the zipper of this bag is not what I ordered'];
    expect(
      copiesOf(
        own.map((text, line) => ({ text, label: 1, kind: 'plain', line })),
        others,
      ),
    ).toEqual([]);
  });
});

it('bytes that are no model of these features are refused with what to do', () => {
  expect(() => readModel(Buffer.alloc(20))).toThrow(/npm run sentiment -- train/);
});
