import { describe, expect, it } from 'vitest';
import { webchat } from '../../../connectors/webchat/index.ts';
import { readOrigin } from './origins.ts';

/** What the connector makes of the same entry: its origins, or that it refuses. */
function server(entry: string): string | null {
  try {
    return webchat.site?.({ site: 'some-site-key', allowedOrigins: entry }).origins[0] ?? null;
  } catch {
    return null;
  }
}

describe('the address of a site that may hold the widget', () => {
  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['shop.example', 'https://shop.example'],
    ['HTTPS://Shop.Example/', 'https://shop.example'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://shop.example:443', 'https://shop.example'],
    ['*.shop.example', 'https://*.shop.example'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['فروشگاه.example', 'https://xn--mgbug4ajh57c.example'],
  ])('%s is read', (entry) => {
    const read = readOrigin(entry);
    expect(read.issue).toBeNull();
    expect(read.origin).toBe(server(entry));
  });

  it.each([
    ['https://shop.example/page', 'more'],
    ['https://shop.example?x', 'more'],
    ['https://user@shop.example', 'more'],
    ['ftp://shop.example', 'scheme'],
    ['https://', 'noAddress'],
    ['shop*.example', 'star'],
    ['*.example', 'star'],
    ['*', 'star'],
    ["https://a'b.example", 'noAddress'],
  ])('%s is refused: %s', (entry, issue) => {
    expect(readOrigin(entry).issue).toBe(issue);
    expect(server(entry)).toBeNull();
  });
});
