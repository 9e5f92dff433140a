import { parseArgs } from 'node:util';
import { labels, type Model, readModel } from '../model.ts';
import { evaluationFolder, heldSentences, readTsv, type Sentence, trainingSentences } from './data.ts';
import { alwaysNeutral, byModel, byWords, calibrationGap, figuresOf, type Guess } from './figures.ts';
import { finalModel, train } from './train.ts';
import { keepModel } from './write.ts';

const usage = `Usage: npm run sentiment -- train | evaluate | corrections
  train        trains the model from server/sentiment/training/sentences and writes it into the source
  evaluate     judges it by the frozen sentences of server/sentiment/evaluation, as figures alone
  corrections  prints what agents corrected, as label<TAB>language<TAB>text, from the database of MONGODB_URI or DATA_DIR`;

async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const say = (line: string) => process.stdout.write(`${line}\n`);
  switch (positionals[0]) {
    case 'train':
      return trainAll(say);
    case 'evaluate':
      return evaluate(say);
    case 'corrections':
      return corrections(say);
    default:
      process.stderr.write(`${usage}\n`);
      return 2;
  }
}

function trainAll(say: (line: string) => void): number {
  const sentences = trainingSentences();
  const held = heldSentences();
  const first = train(sentences, { held });
  const { accuracy, macroF1 } = figuresOf(held, byModel(first));
  say(
    `${held.length} held-back sentences: accuracy ${percent(accuracy)}, macro-F1 ${macroF1.toFixed(3)}, temperature ${first.temperature.toFixed(1)}, gap ${calibrationGap(held, first).toFixed(3)}.`,
  );
  const model = finalModel(sentences, held);
  const { model: hash } = keepModel(model);
  const lines = new Set([...sentences, ...held].map(({ line }) => line)).size;
  say(`Trained with ${sentences.length + held.length} sentences of ${lines} lines; model ${hash}.`);
  return 0;
}

/** Figures and nothing else: whoever improves the model is not to see what it is judged by. */
async function evaluate(say: (line: string) => void): Promise<number> {
  const { modelBytes } = await import('../model.data.ts');
  const model = readModel(Buffer.from(modelBytes, 'base64'));
  for (const [language, file] of [
    ['Persian', 'fa.tsv'],
    ['English', 'en.tsv'],
  ] as const) {
    const sentences = readTsv(`${evaluationFolder}${file}`);
    say(`\n### ${language}: ${sentences.length} sentences\n`);
    table(say, sentences, model);
  }
  return 0;
}

function table(say: (line: string) => void, sentences: readonly Sentence[], model: Model): void {
  const ways: [string, Guess][] = [
    ['always neutral', alwaysNeutral],
    ['word lists only', byWords],
    ['the model', byModel(model)],
  ];
  say('| | accuracy | macro-F1 |\n|---|---|---|');
  for (const [name, guess] of ways) {
    const { accuracy, macroF1 } = figuresOf(sentences, guess);
    say(`| ${name} | ${percent(accuracy)} | ${macroF1.toFixed(3)} |`);
  }
  const { table: cells } = figuresOf(sentences, byModel(model));
  say(`\n| said ↓ guessed → | ${labels.join(' | ')} |\n|---|---|---|---|`);
  for (const [at, label] of labels.entries()) say(`| ${label} | ${cells[at]?.join(' | ')} |`);
  say(
    '\n| kind | sentences | word lists | the model | negative as − 0 + | neutral as − 0 + | positive as − 0 + |\n|---|---|---|---|---|---|---|',
  );
  for (const kind of [...new Set(sentences.map((one) => one.kind))].sort()) {
    const some = sentences.filter((one) => one.kind === kind);
    const one = figuresOf(some, byModel(model));
    const rows = one.table.map((row) => row.join(' ')).join(' | ');
    say(
      `| ${kind} | ${some.length} | ${percent(figuresOf(some, byWords).accuracy)} | ${percent(one.accuracy)} | ${rows} |`,
    );
  }
  say(`\nGap between confidence and truth: ${calibrationGap(sentences, model).toFixed(3)}.`);
}

async function corrections(say: (line: string) => void): Promise<number> {
  const { withCorrections } = await import('./corrections.ts');
  await withCorrections(async (kept) => {
    for await (const { label, language, text } of kept)
      say(`${label}\t${language}\t${text.replace(/\s+/g, ' ')}`);
  });
  return 0;
}

const percent = (value: number) => `${(100 * value).toFixed(1)}%`;

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
