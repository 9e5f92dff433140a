import type { Letter, LetterCreate, Message } from '../../../shared/message.ts';

/** What an agent says beside the text of a letter. */

export const emptyLetter: LetterCreate = { subject: '', cc: [], bcc: [] };

/** The contract's own limit of each list. */
export const addressLimit = 50;

const shape = /^[^\s@<>,;"()]{1,64}@[^\s@<>,;"()]+\.[^\s@<>,;"().]{2,}$/;

/** The address in what was typed or pasted ("Sara <sara@example.com>"), or null. */
export function addressIn(text: string): string | null {
  const inner = /<([^<>]*)>/.exec(text)?.[1] ?? text;
  const address = inner.trim().replace(/^mailto:/i, '');
  return address.length <= 320 && shape.test(address) ? address : null;
}

/** Several at once, as people paste them; names may hold commas in quotes. */
export function splitAddresses(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,;\n"])+/g) ?? []).map((each) => each.trim()).filter(Boolean);
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Whether a letter says anything that the server would not decide by itself. */
export function saysAnything({ subject, cc, bcc, forward }: LetterCreate): boolean {
  return subject.trim() !== '' || cc.length > 0 || bcc.length > 0 || forward !== undefined;
}

/**
 * Who else had the letter that is being answered, without us and without the customer: what "reply to all" adds. Ours are known
 * from the letters that we sent; the server leaves out the mailbox that it leaves from, whatever is asked.
 */
export function othersOf(
  letter: Letter,
  options: { messages: readonly Message[]; channelId: string | null; customer: string },
): string[] {
  const { messages, channelId, customer } = options;
  const sent = messages.filter((each) => each.direction === 'out' && each.letter);
  const ours = sent.map((each) => each.letter?.from.address ?? '');
  const wroteFromHere = sent.some((each) => each.channelId === channelId);
  const everyone = [letter.from, ...letter.to, ...letter.cc].map(({ address }) => address);
  const known = [customer, ...ours];
  const others: string[] = [];
  for (const address of everyone)
    if (![...known, ...others].some((each) => same(each, address))) others.push(address);
  // Whoever never wrote from here is only told by elimination: a letter to one address was to us.
  if (!wroteFromHere && letter.to.length === 1)
    return others.filter((each) => !same(each, letter.to[0]?.address ?? ''));
  return others.slice(0, addressLimit);
}
