import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');

/** The colour variables of one theme, the dark one over the light. */
function colours(theme: 'light' | 'dark'): Map<string, string> {
  const found = new Map<string, string>();
  const blocks = [/:root \{([^}]*)\}/, ...(theme === 'dark' ? [/\[data-theme="dark"\] \{([^}]*)\}/] : [])];
  for (const block of blocks)
    for (const [, name, value] of (block.exec(css)?.[1] ?? '').matchAll(/--([\w-]+): (#[0-9a-f]{6});/g))
      found.set(name ?? '', value ?? '');
  return found;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const papers = ['canvas', 'surface', 'sunken', 'raised', 'hover'];
const text: [string, string][] = [
  ...papers.flatMap((paper): [string, string][] =>
    ['ink', 'ink-muted', 'ink-faint', 'accent-ink', 'danger-ink'].map((ink) => [ink, paper]),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
  ...['accent', 'danger', 'warn', 'ok', 'info'].map((kind): [string, string] => [
    `${kind}-ink`,
    `${kind}-soft`,
  ]),
  ['ink', 'accent-soft'],
  ['ink-muted', 'accent-soft'],
  ['ink-faint', 'accent-soft'],
  ['note-ink', 'note'],
  ['ink', 'note'],
  ['danger-ink', 'note'],
  ...['bubble-in', 'bubble-out'].flatMap((bubble): [string, string][] =>
    ['ink', 'ink-muted', 'ink-faint', 'danger-ink', 'accent-ink'].map((ink) => [ink, bubble]),
  ),
  ...['ink', 'ink-muted', 'ink-faint', 'danger-ink', 'accent-ink', 'ok-ink', 'public-ink'].map(
    (ink): [string, string] => [ink, 'public'],
  ),
  ...['canvas', 'surface', 'bubble-in', 'hover'].map((paper): [string, string] => ['public-ink', paper]),
  ...['bubble-in', 'canvas', 'surface', 'hover'].map((paper): [string, string] => ['ok-ink', paper]),
  ['on-public', 'public-strong'],
  ['on-public', 'public-hover'],
  ['rail-ink', 'rail'],
  ['rail-ink', 'rail-hover'],
  ['rail-active-ink', 'rail-active'],
];
const lines: [string, string][] = [
  ...papers.flatMap((paper): [string, string][] => [
    ['line-strong', paper],
    ['focus', paper],
  ]),
  ...['positive', 'neutral', 'negative', '1', '2', '3', '4', '5', '6'].flatMap((tone): [string, string][] => [
    [`chart-${tone}`, 'surface'],
    [`chart-${tone}`, 'raised'],
  ]),
  ['rail-focus', 'rail'],
  ['rail-focus', 'rail-active'],
];

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const palette = colours(theme);
  const ratio = (a: string, b: string) => {
    const [one, two] = [palette.get(a), palette.get(b)];
    if (!one || !two) throw new Error(`theme.css names no colour ${one ? b : a}`);
    return contrast(one, two);
  };

  it.each(text)('shows %s on %s with a contrast of at least 4.5:1', (ink, paper) => {
    expect(ratio(ink, paper)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(lines)('draws %s on %s with a contrast of at least 3:1', (line, paper) => {
    expect(ratio(line, paper)).toBeGreaterThanOrEqual(3);
  });
});

it('draws every channel glyph white on a colour with a contrast of at least 4.5:1', () => {
  const discs = [...css.matchAll(/--channel: (#[0-9a-f]{6});/g)].map(([, hex]) => hex ?? '');
  expect(discs.length).toBeGreaterThan(9);
  for (const disc of discs) expect(contrast('#ffffff', disc), disc).toBeGreaterThanOrEqual(4.5);
});
