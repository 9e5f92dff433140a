import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { MessageText, PreviewText } from './message-text.tsx';

const show = (text: string) => renderToStaticMarkup(<MessageText text={text} fallback="rtl" />);

it('shows what was written as text, never as markup', () => {
  const html = show('<img src=x onerror=alert(1)> سلام');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; سلام');
  expect(html).not.toContain('<img');
});

it('gives each paragraph its own direction', () => {
  const directions = [...show('سلام، خوبید؟\r\nDo you ship abroad?\n123').matchAll(/<p dir="(\w+)"/g)];
  expect(directions.map(([, direction]) => direction)).toEqual(['rtl', 'ltr', 'rtl']);
});

it('opens a link elsewhere and tells nobody where from', () => {
  expect(show('ببینید: https://acme.ir/a?b=1&c=2')).toMatch(
    /<bdi dir="ltr"><a href="https:\/\/acme.ir\/a\?b=1&amp;c=2"[^>]* target="_blank" rel="noopener noreferrer">/,
  );
});

it('makes no link of a script', () => {
  expect(show('javascript:alert(1) data:text/html,<b>')).not.toContain('<a ');
});

it('previews many lines as one', () => {
  expect(renderToStaticMarkup(<PreviewText text={'یک\n\nدو'} fallback="ltr" />)).toMatch(
    /dir="rtl".*>یک دو</,
  );
});
