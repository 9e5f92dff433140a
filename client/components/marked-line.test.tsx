import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { MarkedLine } from './marked-line.tsx';

const show = (text: string, marks: [number, number][] = [], from = 0) =>
  renderToStaticMarkup(<MarkedLine text={text} marks={marks} from={from} />).replace(/ class="[^"]*"/g, '');

it('keeps the sign of a handle at its head in a Persian line', () => {
  expect(show('@shop سلام')).toBe('<bdi dir="ltr">@shop</bdi> سلام');
  expect(show('عالی بود #مهتاب_K30')).toBe('عالی بود <bdi>#مهتاب_K30</bdi>');
});

it('marks what was found, within a token and across its end', () => {
  expect(show('به @shop سلام', [[4, 8]])).toBe('به <bdi dir="ltr">@<mark>shop</mark></bdi> سلام');
  expect(show('به @shop سلام', [[6, 11]])).toBe(
    'به <bdi dir="ltr">@sh<mark>op</mark></bdi><mark> سل</mark>ام',
  );
});

it('counts marks from where the line begins, passes over those of other lines, and shows no markup', () => {
  const marks: [number, number][] = [
    [0, 4],
    [12, 14],
    [40, 50],
  ];
  expect(show('سلام <b>', marks, 12)).toBe('<mark>سل</mark>ام &lt;b&gt;');
});
