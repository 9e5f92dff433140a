import { expect, it } from 'vitest';
import { renderTemplate, slotsOf } from './template.ts';

const template = {
  header: 'سفارش {{1}}',
  body: 'سلام {{1}}، سفارش شما {{2}} می‌رسد. {{1}} گرامی، سپاس.',
  footer: 'فروشگاه نمونه',
};

it('counts what a part wants by its highest number', () => {
  expect([template.header, template.body, template.footer].map(slotsOf)).toEqual([1, 2, 0]);
  expect(slotsOf('{{ 2 }} and {{2}}')).toBe(2);
  expect(slotsOf('{{0}} {{x}} {1}')).toBe(0);
});

it('gives the header its values first and counts the body anew', () => {
  const { header, body, text } = renderTemplate(template, ['A-12', 'سارا', 'فردا']);
  expect(header).toBe('سفارش A-12');
  expect(body).toBe('سلام سارا، سفارش شما فردا می‌رسد. سارا گرامی، سپاس.');
  expect(text).toBe(`${header}\n\n${body}\n\nفروشگاه نمونه`);
});

it('leaves a slot without a value in sight, and puts values in as they are', () => {
  expect(renderTemplate(template, ['A-12', '']).body).toContain('سلام {{1}}');
  expect(renderTemplate({ header: '', body: 'a {{1}} b', footer: '' }, ['$& {{2}}']).text).toBe(
    'a $& {{2}} b',
  );
});
