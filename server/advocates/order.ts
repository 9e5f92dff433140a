/** Places in a column as texts that sort: between any two there is room for another. */

const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
const base = digits.length;
const digitAt = (text: string, at: number) => digits.indexOf(text[at] ?? '0');

/** After all that was placed by an earlier time. */
export function placeAt(at: Date, random: number): string {
  const tie = Math.floor(random * (base - 1)) + 1;
  return `${at.getTime().toString(base).padStart(9, '0')}${digits[tie]}`;
}

/**
 * A place before `after` and behind `before`; null: nothing is on that side. It never ends in 0, behind which there would be no room.
 * @throws RangeError when they are not in order
 */
export function placeBetween(before: string | null, after: string | null): string {
  if (after !== null && (before ?? '') >= after) throw new RangeError('There is no place between the two.');
  let place = '';
  let bounded = after !== null;
  for (let at = 0; ; at += 1) {
    const low = digitAt(before ?? '', at);
    const high = bounded && after !== null ? digitAt(after, at) : base;
    if (high - low > 1) return place + digits[low + Math.floor((high - low) / 2)];
    place += digits[low];
    if (high > low) bounded = false;
  }
}
