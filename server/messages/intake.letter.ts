import type { Letter as IncomingLetter, LetterAddress } from '../../connectors/connector.ts';
import type { Letter } from '../../shared/message.ts';
import { cleanText } from './intake.text.ts';

/** More people than this are in no list that a person reads, and a document has its limit. */
const mostAddresses = 500;

/** What only letters have, within what a document can hold. */
export function letterAsKept(letter: IncomingLetter): Letter {
  const list = (addresses: readonly LetterAddress[]) =>
    addresses.slice(0, mostAddresses).map(({ name, address }) => ({
      name: cleanText(name).slice(0, 200),
      address: cleanText(address).slice(0, 320),
    }));
  const [from = { name: '', address: '' }] = list([letter.from]);
  return {
    subject: cleanText(letter.subject).slice(0, 998),
    from,
    to: list(letter.to),
    cc: list(letter.cc),
    bcc: [],
    check: letter.check,
    forward: false,
  };
}
