import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { htmlToText } from './html.text.ts';
import { stripQuotes } from './quotes.ts';

const folder = new URL('./fixtures/quotes/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const forms = readdirSync(folder)
  .filter((name) => !name.includes('.expected.'))
  .map((name) => ({
    name,
    expected: read(name.replace(/\.(txt|html)$/, '.expected.txt')).replace(/\n$/, ''),
  }));

const given = (name: string): string => (name.endsWith('.html') ? htmlToText(read(name)) : read(name));

describe('the new words of a mail', () => {
  it('has at least forty forms of quoting, half of them Persian', () => {
    const persian = forms.filter(({ name }) => name.startsWith('fa-'));
    expect(forms.length).toBeGreaterThanOrEqual(40);
    expect(persian.length * 2).toBeGreaterThanOrEqual(forms.length);
  });

  it.each(forms)('$name', ({ name, expected }) => {
    expect(stripQuotes(given(name)).text).toBe(expected);
  });

  it.each(forms)(
    '$name reads the same with the line ends and blanks that mail programs add',
    ({ name, expected }) => {
      const ragged = given(name)
        .split('\n')
        .map((line) => (line === '-- ' ? line : `${line}  `))
        .join('\n');
      const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());
      expect(lines(stripQuotes(`\n\n${ragged}\n\n`).text)).toEqual(lines(expected));
    },
  );
});

it('keeps everything of a mail that forwards another without a mark', () => {
  const text =
    'See below.\n\nFrom: Bank <bank@example.net>\nSent: today\nTo: me\nSubject: Transfer\n\nRefused.';
  expect(stripQuotes(text, { forward: true }).text).toBe(text);
  expect(stripQuotes(text).text).toBe('See below.');
});

it('loses none of its own words to a quote that it cannot know', () => {
  const text = 'یک\n\nدو: سه\n\n- چهار\n\nپنج';
  expect(stripQuotes(text)).toEqual({ text, quoted: false });
});

it.each([
  ['a line a letter', 'a\n'.repeat(50_000)],
  ['labels only', 'From: x\n'.repeat(12_000)],
  ['headers that never end', 'On 2025-11-20 at 12:34 \n'.repeat(4_000)],
  ['one long line', `On 2025 ${'x '.repeat(49_000)}`],
  ['quotes in quotes', '> '.repeat(50_000)],
  ['dashes', '-'.repeat(100_000)],
  ['lines of dashes', '---- \n'.repeat(16_000)],
  ['what other languages’ patterns look for', `${'Op a\n'.repeat(1_900)}${'W dniu '.repeat(1_400)}`],
  ['addresses', 'a@b.c <a@b.c> '.repeat(7_000)],
  ['stars', '*'.repeat(100_000)],
])('comes to an end with %s', (_, text) => {
  expect(stripQuotes(text).text.length).toBeGreaterThan(0);
});
