/** Letters and digits that nobody takes for one another when they are read out. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 4;
const groupLength = 4;

/**
 * A password to hand over: four groups of four, 79 bits.
 * @param random fills an array with random bytes
 */
export function makePassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = fromBrowser): string {
  const letters: string[] = [];
  // A byte beyond the last whole multiple of the alphabet would favour its first letters.
  const limit = 256 - (256 % alphabet.length);
  while (letters.length < groups * groupLength)
    for (const byte of random(new Uint8Array(32)))
      if (byte < limit) letters.push(alphabet.charAt(byte % alphabet.length));
  return Array.from({ length: groups }, (_, at) =>
    letters.slice(at * groupLength, (at + 1) * groupLength).join(''),
  ).join('-');
}

function fromBrowser(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  return crypto.getRandomValues(bytes);
}
