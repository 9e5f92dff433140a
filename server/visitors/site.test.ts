import { expect, it } from 'vitest';
import { mayHold } from './site.ts';

const patterns = ['https://shop.example', 'https://*.pages.example', 'http://localhost:8080'];

it.each([
  'https://shop.example',
  'https://a.pages.example',
  'https://a.b.pages.example',
  'http://localhost:8080',
])('the widget may be held by %s', (origin) => {
  expect(mayHold(origin, patterns)).toBe(true);
});

it.each([
  ...['https://evil-shop.example', 'https://shop.example.evil', 'https://shop.example:8443'],
  ...['http://shop.example', 'https://pages.example', 'https://evilpages.example', 'https://.pages.example'],
  ...['https://a.pages.example:444', 'http://a.pages.example', 'http://localhost', 'http://localhost:80801'],
  ...['https://evil.example/.pages.example', 'https://evil.example#.pages.example', 'null', '*', ''],
  ...[
    'https://evil.example@a.pages.example',
    'https://shop.example/',
    'https://shop.example, https://x.example',
  ],
])('and not by %s', (origin) => {
  expect(mayHold(origin, patterns)).toBe(false);
});
