/**
 * Where the lines of a value axis stand: about `wanted` round numbers from 0 to the first that is not under `most`. Whole ones where
 * things are counted.
 */
export function valueTicks(most: number, { wanted = 4, whole = true } = {}): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10;
  const step = whole ? Math.max(1, Math.ceil(factor * power)) : factor * power;
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < most) ticks.push(ticks.length * step);
  return ticks;
}

/** Which of `count` labels are written when each needs `room` of `width`: evenly apart, the last one always. */
export function labelsShown(count: number, { width, room }: { width: number; room: number }): number[] {
  const fit = Math.max(1, Math.floor(width / room));
  const apart = Math.max(1, Math.ceil(count / fit));
  const shown: number[] = [];
  for (let at = count - 1; at >= 0; at -= apart) shown.unshift(at);
  return shown;
}
