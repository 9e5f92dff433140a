import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'connectors/README.md',
  'docs/widget.md',
];

/** What a document names as a path of this tree: in backticks or as a link's target. Placeholders (NAME, DIR) are none. */
function paths(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  const linked = [...text.matchAll(/\]\(([^)#\s]+)\)/g)].map((match) => match[1] ?? '');
  const named = quoted.filter((path) => /^(shared|connectors|server|client|test|docs)\/[\w./-]*$/.test(path));
  return [...named, ...linked.filter((path) => !/^[a-z]+:/.test(path))].filter(
    (path) => !/\b[A-Z]{3,}\//.test(path),
  );
}

describe('the documents', () => {
  test.each(documents)('%s names only what exists', (document) => {
    const folder = document.includes('/') ? `${document.slice(0, document.lastIndexOf('/'))}/` : '';
    const found = paths(readFileSync(`${root}${document}`, 'utf8'));
    expect(
      found.filter((path) => !existsSync(`${root}${path}`) && !existsSync(`${root}${folder}${path}`)),
    ).toEqual([]);
  });

  test('name only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = documents.flatMap((document) =>
      [...readFileSync(`${root}${document}`, 'utf8').matchAll(/npm run (?:--silent )?(\w+)/g)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});
