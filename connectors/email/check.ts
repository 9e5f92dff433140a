import { authenticate } from 'mailauth';
import type { Dns, SenderCheck, Settings } from '../connector.ts';
import { canonicalDomain } from './address.ts';
import { type ServerWords, serverWords, type Verdict } from './check.results.ts';
import { readFields } from './fields.ts';
import { domainOf, fromOf } from './sender.ts';

export interface CheckResult {
  check: SenderCheck;
  /** One English sentence: what the verdict rests on. */
  detail: string;
}

export interface CheckRequest {
  /** RFC 5322, as the mailbox gave it. */
  raw: Uint8Array;
  /** `authserv`: the id under which our own mail server writes Authentication-Results. */
  settings: Settings;
  dns: Dns;
  signal?: AbortSignal;
}

const patience = 5000;
/** SPF alone may take ten (RFC 7208 4.6.4); a mail with a hundred signatures is not asked about a hundred times. */
const maxQuestions = 40;

/**
 * Is the sender who they say they are (DMARC, RFC 7489)? Believes our own mail server where its id is set, else verifies DKIM itself;
 * SPF needs the client's address, which only our own server's Received line tells. Never throws; within five seconds, or it is unknown.
 */
export async function checkSender(request: CheckRequest): Promise<CheckResult> {
  const stop = new AbortController();
  const late = new Promise<CheckResult>((resolve) => {
    const give = (): void => resolve(unknown('The domain name system did not answer in time.'));
    const timer = setTimeout(give, patience);
    stop.signal.addEventListener('abort', () => clearTimeout(timer));
    request.signal?.addEventListener('abort', give, { once: true, signal: stop.signal });
  });
  try {
    return await Promise.race([checked(request), late]);
  } catch {
    return unknown('The sender could not be checked: the mail’s header or signature is damaged.');
  } finally {
    stop.abort();
  }
}

async function checked({ raw, settings, dns }: CheckRequest): Promise<CheckResult> {
  const section = readFields(raw);
  const from = fromOf(section.fields);
  if (!from?.canonical) return { check: 'fail', detail: 'The mail does not say whose address it is from.' };
  if (from.ambiguous)
    return { check: 'fail', detail: 'The mail says that it is from several people at once.' };
  if (section.cut) return unknown('The mail’s header section is too long to be checked.');
  const domain = domainOf(from.canonical);
  const words = serverWords(section.fields, text(settings.authserv));
  const said = verdictFor(words.verdicts, domain);
  // Where a sender could have written it, only what speaks against the sender is believed.
  if (said && (said.above || said.result === 'fail')) return resultOf(said, domain);
  return verify({ raw, domain, client: words.client, dns });
}

/** The worst of them: forging one then gains nothing as long as our server wrote one of its own, above all others. */
function verdictFor(verdicts: readonly Verdict[], domain: string): Verdict | null {
  const about = verdicts.filter((verdict) => verdict.domain === null || related(verdict.domain, domain));
  const order = ['fail', 'permerror', 'temperror', 'none', 'pass'];
  const rank = ({ result }: Verdict): number => order.indexOf(order.includes(result) ? result : 'permerror');
  const trusted = about.filter((verdict) => verdict.above);
  const worst = (all: readonly Verdict[]): Verdict | null =>
    all.reduce<Verdict | null>(
      (found, next) => (found === null || rank(next) < rank(found) ? next : found),
      null,
    );
  return worst(trusted) ?? worst(about);
}

/** Servers name the From domain, some of them the organisation's. */
const related = (named: string, domain: string): boolean => named === domain || domain.endsWith(`.${named}`);

function resultOf({ result }: Verdict, domain: string): CheckResult {
  const says = `The receiving mail server says DMARC ${result} for ${domain}.`;
  if (result === 'pass' || result === 'fail' || result === 'none') return { check: result, detail: says };
  return unknown(says);
}

interface VerifyRequest {
  raw: Uint8Array;
  domain: string;
  client: ServerWords['client'];
  dns: Dns;
}

async function verify({ raw, domain, client, dns }: VerifyRequest): Promise<CheckResult> {
  const spf = client !== null && client.ip !== '' && client.sender !== null;
  let questions = 0;
  let unanswered = false;
  const resolver = async (name: string, type: string): Promise<string[][] | string[]> => {
    questions += 1;
    if (questions > maxQuestions)
      throw Object.assign(new Error('Too many questions.'), { code: 'ESERVFAIL' });
    try {
      // mailauth asks for the types that Dns has.
      return (await dns.resolve(name, type as 'TXT')) as string[][];
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'ENOTFOUND' && code !== 'ENODATA') unanswered = true;
      throw error;
    }
  };
  const found = await authenticate(Buffer.from(raw.buffer, raw.byteOffset, raw.length), {
    resolver,
    disableArc: true,
    disableBimi: true,
    mta: 'localhost',
    ...(spf ? { ip: client.ip, helo: client.helo, sender: client.sender ?? '' } : {}),
  });
  const { dmarc } = found;
  if (!dmarc || !sameSender(found.dkim.headerFrom, domain))
    return { check: 'fail', detail: 'It cannot be told for certain whom the mail is from.' };
  const { result } = dmarc.status;
  if (result === 'none') return { check: 'none', detail: `${domain} publishes no DMARC policy.` };
  if (result === 'pass') {
    const { dkim } = dmarc.alignment ?? {};
    if (dkim?.result && dkim.underSized)
      return {
        check: 'fail',
        detail: `The DKIM signature of ${dkim.result} covers only a part of the mail.`,
      };
    const by = dkim?.result ? `DKIM signature of ${dkim.result}` : `SPF of ${domain}`;
    return { check: 'pass', detail: `DMARC pass for ${domain}, by ${by}.` };
  }
  if (result !== 'fail' || unanswered)
    return unknown(`The domain name system gave no answer about ${domain} that could be used.`);
  if (spf) return { check: 'fail', detail: `DMARC fail for ${domain}: neither DKIM nor SPF vouches for it.` };
  if (
    found.dkim.results.some(
      ({ status }) => status.aligned && (status.result === 'fail' || altered.test(status.comment ?? '')),
    )
  )
    return { check: 'fail', detail: `DMARC fail for ${domain}: its DKIM signature does not fit the mail.` };
  return unknown(
    `No DKIM signature vouches for ${domain}, and SPF cannot be asked afterwards: which host delivered the mail is known only to the receiving server.`,
  );
}

/** mailauth calls a body that does not fit its hash neutral. */
const altered = /body hash did not verify/;

/** mailauth reads the From field with another parser: both must see the same domain. */
function sameSender(headerFrom: string | string[] | undefined, domain: string): boolean {
  const all = [headerFrom ?? []].flat();
  return all.length === 1 && all.every((address) => canonicalDomain(domainOf(address)) === domain);
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');
const unknown = (detail: string): CheckResult => ({ check: 'unknown', detail });
