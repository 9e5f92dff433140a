import { describe, expect, it } from 'vitest';
import { emptyProfile } from '../../shared/profile.ts';
import { normalise } from '../../shared/text/normalise.ts';
import { type KeySources, keyFacts } from './facts.keys.ts';
import { type Comparable, compareCustomers, strongSigns } from './reasons.ts';

type Person = {
  name?: string;
  nameSource?: 'agent' | 'address';
  identities?: [kind: string, value: string, more?: object][];
  claims?: [kind: string, value: string, more?: object][];
  profile?: Partial<typeof emptyProfile>;
  browser?: string;
};

let n = 0;
function someone(person: Person): Comparable {
  n += 1;
  const profile = { ...emptyProfile, ...person.profile };
  const id = String(n);
  const sources: KeySources = {
    customer: {
      _id: id,
      members: [id],
      name: person.name ?? '…',
      nameSource: person.nameSource ?? 'agent',
      profile,
    },
    identities: (person.identities ?? []).map(([kind, value, more]) => ({
      _id: `${kind}:${value}`,
      kind: kind as 'mobile',
      value,
      display: value,
      address: null,
      proof: 'transport' as const,
      ...more,
    })),
    claims: (person.claims ?? []).map(([kind, value, more]) => ({
      _id: `${id}:${kind}:${value}`,
      kind: kind as 'mobile',
      value,
      ...more,
    })),
    browsers: new Map(person.browser ? [[`webVisitor:${id}`, person.browser]] : []),
  };
  if (person.browser)
    sources.identities = [
      ...sources.identities,
      {
        _id: `webVisitor:${id}`,
        kind: 'webVisitor',
        value: id,
        display: id,
        address: null,
        proof: 'transport',
      },
    ];
  return {
    _id: id,
    ...keyFacts(sources),
    profile: { city: normalise(profile.city), companyIds: profile.companyIds },
    activity: { channelIds: [] },
  };
}

const two = () => 2;
const kinds = (a: Person, b: Person, holders: (key: string) => number | null = two) =>
  compareCustomers(someone(a), someone(b), holders).reasons.map((reason) => reason.kind);
const mobile = '+989121234567';
const code = '0499370899';

describe('why two customers may be one', () => {
  it.each<[string, Person, Person, string]>([
    [
      'a number said by one and proven by the other',
      { identities: [['mobile', mobile]] },
      { claims: [['mobile', mobile]] },
      'claimedIdentity',
    ],
    [
      'a number left by a visitor',
      { identities: [['mobile', mobile]] },
      { identities: [['leftMobile', `site:v:${mobile}`, { address: mobile }]] },
      'leftContact',
    ],
    [
      'an address that could not be proven',
      { identities: [['emailAddress', 'sara@example.com']] },
      { identities: [['unprovenAddress', 'sara@example.com']] },
      'unprovenAddress',
    ],
    ['a number both say', { claims: [['mobile', mobile]] }, { claims: [['mobile', mobile]] }, 'sameMobile'],
    [
      'an address in a field',
      { identities: [['emailAddress', 'sara@example.com']] },
      { profile: { fields: { f00000001: 'Sara@Example.com' } } },
      'sameEmail',
    ],
    [
      'a number in a field, in Persian digits',
      { identities: [['mobile', mobile]] },
      { profile: { fields: { f00000001: '۰۹۱۲ ۱۲۳ ۴۵۶۷' } } },
      'sameMobile',
    ],
    [
      'a national code in a field',
      { identities: [['nationalCode', code]] },
      { profile: { fields: { f00000001: '۰۴۹۹۳۷۰۸۹۹' } } },
      'sameNationalCode',
    ],
    [
      'the customer number',
      { identities: [['customerNumber', 'a-12']] },
      { claims: [['customerNumber', 'a-12']] },
      'claimedIdentity',
    ],
    [
      'a customer number whose two spellings are older than their one',
      { identities: [['customerNumber', 'ك-12']] },
      { identities: [['customerNumber', 'ک-12']] },
      'sameCustomerNumber',
    ],
    ['a browser', { browser: 'b1' }, { browser: 'b1' }, 'sameDevice'],
    [
      'where they live',
      { profile: { address: 'تهران، خيابان آزادي، پلاک ۱۲' } },
      { profile: { address: 'تهران خیابان آزادی پلاک 12' } },
      'samePostalAddress',
    ],
    [
      'a company beside a name',
      { name: 'نگار خوشبخت', profile: { companyIds: ['c1'] } },
      { name: 'Negar Khoshbakht', profile: { companyIds: ['c2', 'c1'] } },
      'sameCompany',
    ],
  ])('%s', (_, a, b, kind) => {
    expect(kinds(a, b)).toContain(kind);
    expect(kinds(b, a)).toContain(kind);
  });

  it('are one name on one platform, where it is not two ids that one account met', () => {
    const as = (value: string, display = value.replace(/^\d+:/, '')): Person => ({
      identities: [['instagramUser', value, { display }]],
    });
    const named = as('17:@sara.k');
    const { score, reasons } = compareCustomers(someone(named), someone(as('17:44', '@Sara.K')), two);
    expect(score).toBe(78);
    expect(reasons).toEqual([
      {
        kind: 'sameHandle',
        what: '@sara.k',
        weight: 78,
        evidence: ['instagramUser:17:@sara.k', 'instagramUser:17:44'],
      },
    ]);
    // Each of our accounts knows a person by an id of its own.
    expect(kinds(named, as('18:@sara.k'))).toEqual(['sameHandle']);
    expect(kinds(as('17:44', '@sara.k'), as('18:90', '@sara.k'))).toEqual(['sameHandle']);
    // The name went from one to the other.
    const [before, now] = [someone(as('17:44', '@sara.k')), someone(as('17:45', '@sara.k'))];
    expect(compareCustomers(before, now, two).reasons).toEqual([]);
    expect(strongSigns(before, now)).toEqual([]);
    expect(kinds(named, as('17:44', 'Sara K'))).toEqual([]);
    expect(kinds(named, { identities: [['telegramUser', '44', { display: '@sara.k' }]] })).toEqual([]);
  });

  it.each<[string, Person, Person]>([
    ['a city', { profile: { city: 'شیراز' } }, { profile: { city: 'شیراز' } }],
    ['a company', { profile: { companyIds: ['c1'] } }, { profile: { companyIds: ['c1'] } }],
    [
      'a claim that was dismissed',
      { identities: [['mobile', mobile]] },
      { claims: [['mobile', mobile, { dismissed: { at: new Date(), byUserId: 'u' } }]] },
    ],
    [
      'a name that is only an address',
      { name: 'sara@example.com', nameSource: 'address' },
      { name: 'sara@example.com', nameSource: 'address' },
    ],
  ])('%s alone is none', (_, a, b) => {
    expect(kinds(a, b)).toEqual([]);
  });

  it('are none where too many have it in common', () => {
    const a: Person = { claims: [['mobile', mobile]] };
    expect(kinds(a, a, () => null)).toEqual([]);
  });

  it('count the less the more bear the name', () => {
    const name: Person = { name: 'نگار خوشبخت' };
    const score = (holders: number | null) =>
      compareCustomers(someone(name), someone(name), () => holders).score;
    const scores = [2, 3, 9, 50, null].map(score);
    // Three records with one name and nothing else may still be one person: they are shown.
    expect(scores).toEqual([45, 35, 24, 17, 15]);
  });

  it('are fewer for two who have a national code each, or were born on different days', () => {
    const a: Person = { name: 'نگار خوشبخت', identities: [['nationalCode', code]] };
    const b: Person = { name: 'نگار خوشبخت', identities: [['nationalCode', '0013542419']] };
    expect(kinds(a, b)).toEqual(['similarName', 'differentNationalCode']);
    expect(compareCustomers(someone(a), someone(b), two).score).toBe(0);
    const born = (birthday: string): Person => ({ name: 'نگار خوشبخت', profile: { birthday } });
    expect(kinds(born('1980-01-01'), born('1990-01-01'))).toEqual(['similarName', 'differentBirthday']);
  });

  it('tell no national code but its end', () => {
    const { reasons } = compareCustomers(
      someone({ identities: [['nationalCode', code]] }),
      someone({ claims: [['nationalCode', code]] }),
      two,
    );
    expect(reasons[0]?.what).toBe('•••••••899');
  });

  it('are the same from either side, with the evidence turned round', () => {
    const a = someone({ name: 'نگار خوشبخت', identities: [['mobile', mobile]] });
    const b = someone({ name: 'Negar Khoshbakht', claims: [['mobile', mobile]] });
    const [one, other] = [compareCustomers(a, b, two), compareCustomers(b, a, two)];
    expect(other.score).toBe(one.score);
    expect(other.reasons.map((reason) => [...reason.evidence].reverse())).toEqual(
      one.reasons.map((reason) => reason.evidence),
    );
    expect(strongSigns(a, b)).toEqual([`m:${mobile}`]);
  });
});
