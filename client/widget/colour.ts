/** What can be read on the colour that an organisation chose, computed, so that no choice of theirs makes the widget unreadable. */

/** The three parts of `#rrggbb`, 0 to 255. */
function rgbOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function luminance(rgb: number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((part) =>
    part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(rgbOf(one)), luminance(rgbOf(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** White where it can be read, else black: one of the two always reaches 4.5. */
export function textOn(colour: string): '#ffffff' | '#000000' {
  // 1.05 / (L + 0.05) is the contrast with white.
  return luminance(rgbOf(colour)) <= 1.05 / 4.5 - 0.05 ? '#ffffff' : '#000000';
}

/** The colour itself as ink on a surface, drawn towards black or white until it can be read there. */
export function inkOn(surface: string, colour: string): string {
  const from = rgbOf(colour);
  const to = luminance(rgbOf(surface)) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 20; step += 1) {
    const ink = `#${from
      .map((part) =>
        Math.round(part + ((to - part) * step) / 20)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
    if (contrast(ink, surface) >= 4.5) return ink;
  }
  return to ? '#ffffff' : '#000000';
}
