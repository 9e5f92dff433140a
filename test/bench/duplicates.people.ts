import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../../server/customers/customer.model.ts';
import { key } from '../../server/db/key.ts';
import { emptyProfile } from '../../shared/profile.ts';
import { mintCid } from '../../shared/text/cid.ts';
import { knownNames } from '../../shared/text/names.known.ts';
import type { Random } from '../random.ts';

/** Made-up people, some of them twice, as organisations come to have them. */
export interface People {
  customers: CustomerDoc[];
  identities: IdentityDoc[];
  claims: ClaimDoc[];
  /** `key(lower CID, higher CID)` of those who are one → how the second came about. */
  planted: Map<string, Way>;
}

/** How somebody comes to be there twice: what the second record has in common with the first. */
export const ways = [
  'script and birthday',
  'spacing, birthday and city',
  'slip and postal address',
  'says the number',
  'left the number',
  'unproven letter',
  'number in a field',
  'name alone',
] as const;
export type Way = (typeof ways)[number];

const plantedShare = 0.03;
const bornFrom = Date.UTC(1950, 0, 1);
const bornTo = Date.UTC(2006, 0, 1);
const day = 86_400_000;
const cities =
  'تهران مشهد اصفهان کرج شیراز تبریز قم اهواز کرمانشاه ارومیه رشت زاهدان همدان کرمان یزد اردبیل بندرعباس اراک زنجان سنندج قزوین خرم‌آباد گرگان ساری بابل آمل کاشان بوشهر بیرجند بجنورد'.split(
    ' ',
  );
const streets =
  'آزادی انقلاب ولیعصر شریعتی بهشتی مطهری فردوسی سعدی حافظ مولوی کارگر جمهوری امام طالقانی معلم'.split(' ');
const endings = [
  '',
  '',
  '',
  '',
  ' اصل',
  ' تهرانی',
  ' اصفهانی',
  ' مقدم',
  '‌زاده',
  '‌پور',
  '‌نژاد',
  '‌فر',
  '‌نیا',
  'یان',
];

/** Common ones far more often than rare ones, as names are. */
function zipf<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(list.length ** random()) - 1] ?? (list[0] as T);
}

interface Person {
  given: string;
  family: string;
  birthday: string;
  city: string;
  address: string;
  mobile: string;
  email: string;
}

/** @param count of customers in all, the second records of people among them */
export function makePeople(count: number, random: Random): People {
  const names = [...knownNames.keys()];
  const split = names.indexOf('محمدی');
  const given = [...names.slice(0, split), ...doubled(names.slice(0, 20))];
  const families = names.slice(split);
  const people: People = { customers: [], identities: [], claims: [], planted: new Map() };
  const cids = new Set<string>();
  const cid = () => {
    for (;;) {
      const minted = mintCid(random);
      if (cids.has(minted)) continue;
      cids.add(minted);
      return minted;
    }
  };
  const twice = Math.round(count * plantedShare);
  for (let n = 0; n < count - twice; n += 1) {
    const person: Person = {
      given: zipf(given, random),
      family: zipf(families, random) + zipf(endings, random),
      birthday: new Date(bornFrom + Math.floor((random() * (bornTo - bornFrom)) / day) * day)
        .toISOString()
        .slice(0, 10),
      city: zipf(cities, random),
      address: `خیابان ${zipf(streets, random)}، کوچه ${1 + Math.floor(random() * 60)}، پلاک ${1 + Math.floor(random() * 200)}`,
      mobile: `+989${String(10 + Math.floor(random() * 9))}${String(1_000_000 + n).slice(-7)}`,
      email: `person${n}@example.com`,
    };
    const first = cid();
    addFirst(people, person, { id: first, random });
    if (n >= twice) continue;
    const second = cid();
    const way = ways[n % ways.length] as Way;
    addSecond(people, person, { id: second, way, random });
    people.planted.set(key(...([first, second].sort() as [string, string])), way);
  }
  return people;
}

/** محمدرضا, علیرضا… */
function doubled(given: readonly string[]): string[] {
  return given.filter((name) => name.length <= 5).flatMap((name) => [`${name}رضا`, `${name}‌حسین`]);
}

const at = new Date('2026-01-01T00:00:00Z');

function customer(id: string, name: string, profile: Partial<CustomerDoc['profile']>): CustomerDoc {
  return {
    _id: id,
    name,
    nameSource: 'agent',
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [id],
    tokens: [],
    profile: { ...emptyProfile, ...profile },
    createdAt: at,
  };
}

function identity(
  customerId: string,
  { kind, value, address = null }: Pick<IdentityDoc, 'kind' | 'value'> & { address?: string | null },
): IdentityDoc {
  return {
    _id: key(kind, value),
    kind,
    value,
    address,
    display: value,
    customerId,
    homeCustomerId: customerId,
    proof: 'transport',
    provenAt: at,
    touched: 1,
    lastSeenAt: at,
    unreachable: false,
    reachOrder: '',
    channelIds: [],
    threadKey: '',
  };
}

function addFirst(people: People, person: Person, { id, random }: { id: string; random: Random }): void {
  people.customers.push(
    customer(id, `${person.given} ${person.family}`, {
      birthday: person.birthday,
      city: person.city,
      ...(random() < 0.5 ? { address: person.address } : {}),
    }),
  );
  people.identities.push(identity(id, { kind: 'mobile', value: person.mobile }));
  if (random() < 0.4) people.identities.push(identity(id, { kind: 'emailAddress', value: person.email }));
}

function addSecond(
  people: People,
  person: Person,
  { id, way, random }: { id: string; way: Way; random: Random },
): void {
  const { given, family, birthday, city, address, mobile, email } = person;
  const latin = `${romanised(given)} ${romanised(family)}`;
  const add = (name: string, profile: Partial<CustomerDoc['profile']> = {}) =>
    people.customers.push(customer(id, name, profile));
  switch (way) {
    case 'script and birthday':
      add(latin, { birthday });
      return;
    case 'spacing, birthday and city':
      add(`${given.replace(/رضا$/, ' رضا').replace('‌', ' ')} ${family.replace('‌', '')}`, { birthday, city });
      return;
    case 'slip and postal address': {
      const first = people.customers.at(-1);
      if (first?.profile) first.profile = { ...first.profile, address };
      add(`${given} ${slipped(family, random)}`, { address: address.replace('خیابان', 'خیابان ') });
      return;
    }
    case 'says the number':
      add(given);
      people.claims.push({
        _id: key(id, 'mobile', mobile),
        customerId: id,
        kind: 'mobile',
        value: mobile,
        source: 'webchat',
        at,
      });
      return;
    case 'left the number':
      add(`خانم ${family}`.replace('خانم', random() < 0.5 ? 'خانم' : 'آقای'));
      people.identities.push(
        identity(id, { kind: 'leftMobile', value: `site:${id}:${mobile}`, address: mobile }),
      );
      return;
    case 'unproven letter':
      if (!people.identities.some((one) => one.value === email))
        people.identities.push(
          identity(people.customers.at(-1)?._id ?? '', { kind: 'emailAddress', value: email }),
        );
      add(latin);
      people.identities.push(identity(id, { kind: 'unprovenAddress', value: email }));
      return;
    case 'number in a field':
      add(`${family} ${given}`, { fields: { f00000001: mobile.replace('+98', '0') } });
      return;
    case 'name alone':
      add(latin);
  }
}

/** One letter of a word is another. */
function slipped(word: string, random: Random): string {
  const i = 1 + Math.floor(random() * (word.length - 2));
  return `${word.slice(0, i)}${'بتجدرسفقکلمن'[Math.floor(random() * 12)]}${word.slice(i + 1)}`;
}

const sounds: Record<string, string> = {
  ا: 'a',
  آ: 'a',
  ب: 'b',
  پ: 'p',
  ت: 't',
  ث: 's',
  ج: 'j',
  چ: 'ch',
  ح: 'h',
  خ: 'kh',
  د: 'd',
  ذ: 'z',
  ر: 'r',
  ز: 'z',
  ژ: 'zh',
  س: 's',
  ش: 'sh',
  ص: 's',
  ض: 'z',
  ط: 't',
  ظ: 'z',
  ع: '',
  غ: 'gh',
  ف: 'f',
  ق: 'gh',
  ک: 'k',
  گ: 'g',
  ل: 'l',
  م: 'm',
  ن: 'n',
  و: 'o',
  ه: 'h',
  ی: 'i',
  ئ: 'i',
};

/** As a careless program would spell it in Latin letters: an `a` between consonants, whatever is really there. */
export function romanised(word: string): string {
  let latin = '';
  for (const letter of word) {
    if (letter === '‌' || letter === ' ') continue;
    const sound = sounds[letter] ?? '';
    const joins = /[^aeiou]$/.test(latin) && /^[^aeiou]/.test(sound);
    latin += (joins ? 'a' : '') + sound;
  }
  return latin.charAt(0).toUpperCase() + latin.slice(1);
}
