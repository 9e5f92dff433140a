import { type IdentityKind, isVerified, reachedAs } from '../../shared/customer.ts';
import { canonicalAddress } from '../../shared/text/email.ts';
import { foldOwn } from '../../shared/text/identity.ts';
import { nameKeys, nameWords } from '../../shared/text/names.ts';
import { isNationalCode } from '../../shared/text/national-code.ts';
import { asciiDigits, normalise, withoutInvisible } from '../../shared/text/normalise.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';

/**
 * How a sign is a customer's: theirs by proof, or stated of them; the name by which alone a platform tells of them; come by a letter that
 * could not be proven; left by a visitor; merely said; written into a field of the profile; or what is no identity at all.
 */
export type SignHow = 'proven' | 'stated' | 'named' | 'unproven' | 'left' | 'claimed' | 'field' | 'other';

/** Something by which a customer may be met elsewhere. */
export interface Sign {
  /** Its letter and value: `m:+98912…`. */
  key: string;
  how: SignHow;
  /** The identity, claim or field (`profile:city`) it is from. */
  id: string;
}

/** What keys are made of. */
export interface KeySources {
  customer: Pick<CustomerDoc, '_id' | 'members' | 'name' | 'nameSource' | 'profile'>;
  identities: readonly Pick<IdentityDoc, '_id' | 'kind' | 'value' | 'display' | 'address' | 'proof'>[];
  claims: readonly (Pick<ClaimDoc, '_id' | 'kind' | 'value'> & Partial<Pick<ClaimDoc, 'dismissed'>>)[];
  /** Identity of a visitor → the browser it was met in. */
  browsers: ReadonlyMap<string, string>;
}

/** More is no person's but a list's, or somebody's who plays. */
const mostSigns = 60;
const shortestAddress = 12;

/** Which letter a kind has: what recognises the same person whatever it is called. */
const letters: Partial<Record<IdentityKind, string>> = {
  mobile: 'm',
  phone: 'm',
  whatsappUser: 'm',
  emailAddress: 'e',
  nationalCode: 'n',
  customerNumber: 'c',
  username: 'u',
};

/** Kinds of platforms that tell of some people an id, of others nothing but the name: it is one account's there. */
const withHandles: ReadonlySet<IdentityKind> = new Set(['instagramUser']);

/** Signs that nobody is met by. */
const notMetBy = new Set(['name', 'members']);

/** Signs of a customer, and the keys under which those like them meet in the index. Pure. */
export function keyFacts(sources: KeySources): { dupKeys: string[]; signs: Sign[]; nameKeys: string[] } {
  const { customer, identities } = sources;
  const signs = [
    ...identities.flatMap((identity) => ofIdentity(identity, sources.browsers)),
    ...sources.claims.flatMap((claim) => (claim.dismissed ? [] : ofClaim(claim))),
    ...ofProfile(customer.profile),
  ].slice(0, mostSigns);
  const name = callName(customer, identities);
  const keys = nameKeys(name);
  if (name) signs.push({ key: `name:${name}`, how: 'other', id: 'name' });
  // Of whom "not the same" was said counts as well: where that changes, they are compared anew.
  if (customer.members.length > 1)
    signs.push({ key: `members:${[...customer.members].sort().join()}`, how: 'other', id: 'members' });
  const profile = customer.profile;
  const [first] = keys.whole;
  const narrower = first
    ? [
        ...(profile?.city ? [`nc:${first}:${normalise(profile.city)}`] : []),
        ...(profile?.companyIds ?? []).slice(0, 5).map((id) => `nk:${first}:${id}`),
      ]
    : [];
  const dupKeys = [
    ...signs.filter((sign) => !notMetBy.has(sign.id)).map((sign) => sign.key),
    ...keys.whole.map((key) => `nw:${key}`),
    ...keys.slips.map((key) => `ns:${key}`),
    ...narrower,
  ];
  return { dupKeys: [...new Set(dupKeys)], signs, nameKeys: keys.whole };
}

/** The name, if it is one and no number or address; '' if not. */
export function callName(
  customer: Pick<CustomerDoc, 'name' | 'nameSource'>,
  identities: readonly Pick<IdentityDoc, 'value' | 'address'>[],
): string {
  const { name } = customer;
  if (customer.nameSource === 'address' || name.includes('@') || !nameWords(name).length) return '';
  return identities.some((one) => one.value === name || one.address === name) ? '' : name;
}

/** The name as it is compared, out of a customer's signs. */
export function nameOf(signs: readonly Sign[]): string {
  return signs.find((sign) => sign.id === 'name')?.key.slice('name:'.length) ?? '';
}

function ofIdentity(
  identity: KeySources['identities'][number],
  browsers: ReadonlyMap<string, string>,
): Sign[] {
  const { _id: id, kind } = identity;
  if (kind === 'webVisitor') {
    const browser = browsers.get(id);
    return browser ? [{ key: `d:${browser}`, how: 'other', id }] : [];
  }
  if (withHandles.has(kind)) return ofHandle(identity);
  const value = identity.address ?? identity.value;
  const key = keyOf(reachedAs(kind), value);
  if (!key) return [];
  if (kind === 'unprovenAddress') return [{ key, how: 'unproven', id }];
  if (kind === 'leftAddress' || kind === 'leftMobile') return [{ key, how: 'left', id }];
  return [{ key, how: isVerified(identity) ? 'proven' : 'stated', id }];
}

/** The name on its platform: all that is known of them (`account:@name`), else the newest that was shown of an id (`account:id`). */
function ofHandle({ _id: id, kind, value, display }: KeySources['identities'][number]): Sign[] {
  const known = value.slice(value.indexOf(':') + 1);
  const named = known.startsWith('@');
  const handle = named ? known : display;
  if (!/^@[\w.]{1,64}$/.test(handle)) return [];
  return [{ key: `h:${kind}:${handle.toLowerCase()}`, how: named ? 'named' : 'proven', id }];
}

function ofClaim({ _id: id, kind, value }: KeySources['claims'][number]): Sign[] {
  const key = keyOf(reachedAs(kind), value);
  return key ? [{ key, how: 'claimed', id }] : [];
}

function keyOf(kind: IdentityKind, value: string): string | null {
  const letter = letters[kind];
  if (!letter || !value) return null;
  // What is older than its one spelling meets the same here.
  if (letter === 'c' || letter === 'u') return `${letter}:${foldOwn(value)}`;
  if (letter !== 'm') return `${letter}:${value}`;
  if (/^\+\d{8,15}$/.test(value)) return `m:${value}`;
  const e164 = parsePhone(
    value.startsWith('+') ? value : kind === 'whatsappUser' ? `+${value}` : value,
  )?.e164;
  return e164 ? `m:${e164}` : null;
}

function ofProfile(profile: CustomerDoc['profile']): Sign[] {
  if (!profile) return [];
  const address = normalise(profile.address).replace(/[^\p{L}\p{N}]/gu, '');
  return [
    ...(profile.birthday
      ? [{ key: `b:${profile.birthday}`, how: 'other' as const, id: 'profile:birthday' }]
      : []),
    ...(address.length >= shortestAddress
      ? [{ key: `a:${address.slice(0, 120)}`, how: 'other' as const, id: 'profile:address' }]
      : []),
    ...Object.entries(profile.fields).flatMap(([id, value]) =>
      typeof value === 'string' ? ofField(`fields.${id}`, value) : [],
    ),
  ];
}

/** A number or an address that somebody wrote into a field. */
function ofField(id: string, text: string): Sign[] {
  if (text.length > 100) return [];
  const digits = asciiDigits(withoutInvisible(text)).replace(/[\s-]/g, '');
  const key = text.includes('@')
    ? keyOf('emailAddress', canonicalAddress(text) ?? '')
    : isNationalCode(digits)
      ? `n:${digits}`
      : /^\+?\d{10,14}$/.test(digits)
        ? keyOf('mobile', digits)
        : null;
  return key ? [{ key, how: 'field', id }] : [];
}
