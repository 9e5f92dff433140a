/** Well-known hosts of mail as they are often mistyped → what was meant. */
const mistyped: Readonly<Record<string, string>> = {
  'gmial.com': 'gmail.com',
  'gmai.com': 'gmail.com',
  'gmal.com': 'gmail.com',
  'gamil.com': 'gmail.com',
  'gmaill.com': 'gmail.com',
  'gmil.com': 'gmail.com',
  'gnail.com': 'gmail.com',
  'gmail.con': 'gmail.com',
  'gmail.co': 'gmail.com',
  'gmail.cm': 'gmail.com',
  'gmail.ir': 'gmail.com',
  'gmail.om': 'gmail.com',
  'gmail.comm': 'gmail.com',
  'gimail.com': 'gmail.com',
  'jmail.com': 'gmail.com',
  'yaho.com': 'yahoo.com',
  'yahooo.com': 'yahoo.com',
  'yhoo.com': 'yahoo.com',
  'yaoo.com': 'yahoo.com',
  'yahoo.con': 'yahoo.com',
  'yahoo.co': 'yahoo.com',
  'yahoo.cm': 'yahoo.com',
  'yahoo.ir': 'yahoo.com',
  'hotmial.com': 'hotmail.com',
  'hotmal.com': 'hotmail.com',
  'hotmai.com': 'hotmail.com',
  'hotmail.con': 'hotmail.com',
  'outlok.com': 'outlook.com',
  'outloook.com': 'outlook.com',
  'outlook.con': 'outlook.com',
  'iclod.com': 'icloud.com',
  'icloud.con': 'icloud.com',
  'chmial.ir': 'chmail.ir',
};

/** Endings that no mail is ever delivered to: RFC 2606, RFC 6761, RFC 6762. */
const never = /\.(test|example|invalid|localhost|local|internal|onion)$/;

/** Whether mail to a domain can be told to come back, and what was meant; without asking anybody. Null: nothing is known against it. */
export function badDomain(domain: string): { meant: string | null } | null {
  const meant = mistyped[domain];
  if (meant) return { meant };
  if (never.test(domain)) return { meant: null };
  // A number is no ending of a name.
  return /\.\d+$/.test(domain) ? { meant: null } : null;
}
