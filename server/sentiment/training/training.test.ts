import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { modelBytes } from '../model.data.ts';
import { readModel, writeModel } from '../model.ts';
import { evaluationFolder, heldSentences, trainingSentences } from './data.ts';
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

it('no sentence that the model is judged by is one it was trained with', () => {
  const tidy = (text: string) =>
    text
      .normalize('NFC')
      .replace(/[\s\u200c.!،؟?]+/g, '')
      .toLowerCase();
  const trained = new Set([...trainingSentences(), ...heldSentences()].map(({ text }) => tidy(text)));
  const shared = ['fa.tsv', 'en.tsv'].map(
    (file) =>
      readFileSync(`${evaluationFolder}${file}`, 'utf8')
        .split('\n')
        .filter((line) => {
          const text = tidy(line.split('\t').slice(2).join(' '));
          // Of a word or two there are only so many: "ممنون" is everybody's.
          return text.length > 25 && trained.has(text);
        }).length,
  );
  expect(shared).toEqual([0, 0]);
});

it('bytes that are no model of these features are refused with what to do', () => {
  expect(() => readModel(Buffer.alloc(20))).toThrow(/npm run sentiment -- train/);
});
