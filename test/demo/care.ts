import { createCompany } from '../../server/companies/company.service.ts';
import type { Context } from '../../server/context.ts';
import { putConsentWithin } from '../../server/customers/consent.ts';
import { createCustomerWithin } from '../../server/customers/customer.create.ts';
import type { IdentityDoc } from '../../server/customers/customer.model.ts';
import { mustBeIdentity, stateWithin } from '../../server/customers/identity.add.ts';
import { identityId } from '../../server/customers/identity.ts';
import { changeProfile, type Editor } from '../../server/customers/profile.change.ts';
import { createField } from '../../server/fields/field.service.ts';
import { commit } from '../../server/messages/commit.ts';
import type { RecordWord } from '../../server/records/record.service.ts';
import { putRecords } from '../../server/records/record.service.ts';
import { createSegment } from '../../server/segments/segment.service.ts';
import type { Viewer } from '../../shared/access.ts';
import type { CustomerChange } from '../../shared/profile.ts';
import { mintCid } from '../../shared/text/cid.ts';
import { between, type Person, pick, type Random, speechOf } from './compose.ts';

const day = 86_400_000;

/** The same person in another's spelling: as a colleague heard it on the phone. */
const latin: Record<string, string> = {
  محمد: 'Mohammad',
  علی: 'Ali',
  زهرا: 'Zahra',
  مریم: 'Maryam',
  رضا: 'Reza',
  حسین: 'Hossein',
  سارا: 'Sara',
  فاطمه: 'Fatemeh',
  نرگس: 'Narges',
  مهدی: 'Mehdi',
  احمدی: 'Ahmadi',
  کریمی: 'Karimi',
  موسوی: 'Mousavi',
  رضایی: 'Rezaei',
  محمدی: 'Mohammadi',
  صادقی: 'Sadeghi',
  جعفری: 'Jafari',
  نوری: 'Nouri',
  اکبری: 'Akbari',
  کاظمی: 'Kazemi',
  یوسفی: 'Yousefi',
  حیدری: 'Heydari',
  عباسی: 'Abbasi',
  حسینی: 'Hosseini',
  مرادی: 'Moradi',
  قاسمی: 'Ghasemi',
  باقری: 'Bagheri',
  رحیمی: 'Rahimi',
  نظری: 'Nazari',
  ابراهیمی: 'Ebrahimi',
};
const women = new Set(['زهرا', 'مریم', 'سارا', 'فاطمه', 'نرگس']);

const familyOf = ({ name, given }: Person) => name.slice(given.length).trim();

export interface Known {
  who: Person;
  /** One of theirs. */
  identity: { kind: string; value: string };
}

/**
 * What a shop knows of its customers beside what they said: purchases of the year, a profile here and there, consents, companies,
 * segments, fields of its own; and a few records that are twice somebody.
 */
export async function furnishCustomers(
  ctx: Context,
  options: {
    viewer: Viewer;
    people: readonly Known[];
    /** Numbers that nobody has, in the simulator's range. */
    mobile: (n: number) => string;
    now: Date;
    random: Random;
  },
): Promise<void> {
  const { viewer, mobile, now, random } = options;
  const met = await customersOf(ctx, options.people);
  const membership = await createField(ctx, viewer, {
    name: 'نوع عضویت',
    type: 'choice',
    group: 'باشگاه مشتریان',
    hint: '',
    options: [{ name: 'نقره‌ای' }, { name: 'طلایی' }],
    weight: 5,
    staleMonths: 0,
  });
  await createField(ctx, viewer, {
    name: 'شمارهٔ کارت عضویت',
    type: 'text',
    group: 'باشگاه مشتریان',
    hint: '',
    options: [],
    weight: 0,
    staleMonths: 0,
  });
  const otherNumber = await createField(ctx, viewer, {
    name: 'شمارهٔ دیگر',
    type: 'text',
    group: '',
    hint: 'شماره‌ای که مشتری جز شماره‌های خودش داده است',
    options: [],
    weight: 0,
    staleMonths: 0,
  });
  const company = await createCompany(ctx, viewer, {
    name: 'هتل آبشار',
    nationalId: '',
    domains: ['abshar.example'],
    note: '',
  });

  const records = met.flatMap(({ customerId, who }) => purchasesOf(who, { customerId, now, random }));
  for (let at = 0; at < records.length; at += 500)
    await putRecords(ctx, { records: records.slice(at, at + 500), source: { by: 'api', id: 'shop' } });

  for (const [nth, { customerId, who }] of met.entries()) {
    if (nth % 3 !== 0) continue;
    const change: CustomerChange = {
      city: who.city,
      language: who.language,
      ...(nth % 2 === 0 && {
        birthday: `${between(random, 1962, 2003)}-0${between(random, 1, 9)}-1${between(random, 0, 9)}`,
      }),
      ...(nth % 12 === 0 && { job: pick(random, speechOf(who.language).jobs) }),
      ...(nth % 15 === 0 && { address: addressOf(who, random) }),
      ...(nth % 9 === 0 && { fields: { [membership.id]: pick(random, membership.options).id } }),
      ...(nth % 24 === 0 && { companies: { add: [company.id], remove: [] } }),
      ...(nth % 15 === 0 && {
        concerns: {
          add: [
            {
              text: who.language === 'fa' ? 'سروقت رسیدن سفارش' : 'Orders that arrive on time',
              messageId: null,
            },
          ],
          remove: [],
        },
      }),
    };
    const [profile, consent] = [editor(ctx, viewer), editor(ctx, viewer)];
    await commit(ctx, async (tx) => {
      await changeProfile(tx, { customerId, change, editor: profile });
      if (nth % 6 !== 0) return;
      const state = nth % 18 === 0 ? 'withdrawn' : 'granted';
      const put = { state, source: 'told', evidence: 'هنگام خرید تلفنی', messageId: null } as const;
      await putConsentWithin(tx, { customerId, kind: 'mobile', put, editor: consent });
    });
  }
  const people = met.filter(({ who }) => latin[who.given] && latin[familyOf(who)]).slice(0, 9);
  await twice(ctx, { viewer, people, mobile, numberField: otherNumber.id, random });
  await createSegment(ctx, viewer, {
    name: 'خریداران پرارزش',
    rule: { match: 'all', conditions: [{ attribute: 'spent', operator: 'atLeast', value: 1_500_000_000 }] },
    sharedWith: 'everyone',
  });
  await createSegment(ctx, viewer, {
    name: 'شصت روز بی‌خبر',
    rule: {
      match: 'all',
      conditions: [
        { attribute: 'purchases', operator: 'atLeast', value: 1 },
        { attribute: 'lastAt', operator: 'notInLast', value: 60 },
      ],
    },
    sharedWith: 'everyone',
  });
}

const editor = (ctx: Context, viewer: Viewer): Editor => ({
  by: 'agent',
  byUserId: viewer.id,
  minted: ctx.uuid(),
});

export async function customersOf(
  ctx: Context,
  people: readonly Known[],
): Promise<{ customerId: string; who: Person }[]> {
  const whose = new Map(people.map(({ who, identity }) => [identityId(identity), who]));
  const identities = await ctx.models.identities
    .find({ _id: { $in: [...whose.keys()] } }, { customerId: 1 })
    .lean<Pick<IdentityDoc, '_id' | 'customerId'>[]>();
  return identities.flatMap(({ _id, customerId }) => {
    const who = whose.get(_id);
    return who ? [{ customerId, who }] : [];
  });
}

function purchasesOf(
  who: Person,
  { customerId, now, random }: { customerId: string; now: Date; random: Random },
): RecordWord[] {
  const { products } = speechOf(who.language);
  const count = random() < 0.35 ? 0 : between(random, 1, 5);
  return Array.from({ length: count }, (_, nth): RecordWord => {
    const at = new Date(now.getTime() - between(random, 2, 360) * day).toISOString();
    const service = random() < 0.12;
    const bought = Array.from({ length: service ? 0 : between(random, 1, 2) }, () => ({
      name: pick(random, products),
      code: '',
      quantity: 1,
      amount: between(random, 9, 420) * 1_000_000,
    }));
    const what = service ? pick(random, products) : (bought[0]?.name ?? '');
    const fa = who.language === 'fa';
    return {
      customerId,
      kind: service ? 'service' : 'purchase',
      externalId: `${service ? 'S' : 'MH'}-${String(100_000 + who.n * 10 + nth)}`,
      put: {
        at,
        title: service ? (fa ? `تعمیر ${what}` : `Repair: ${what}`) : what,
        amount: service ? 2_500_000 : bought.reduce((sum, { amount }) => sum + amount, 0),
        currency: 'IRR',
        items: bought,
        status: random() < 0.06 ? 'returned' : random() < 0.1 ? 'open' : 'done',
        statusText: '',
        note: '',
        referralCode: '',
      },
    };
  });
}

function addressOf({ language, city }: Person, random: Random): string {
  const [street, number] = [pick(random, speechOf(language).streets), between(random, 2, 190)];
  return language === 'fa' ? `${city}، خیابان ${street}، پلاک ${number}` : `${number} ${street}, ${city}`;
}

/**
 * Somebody noted a caller's name and number without looking whether they were known; what else was said tells that they were: a birthday,
 * an address, or that very number, which the customer had left as another of theirs.
 */
async function twice(
  ctx: Context,
  options: {
    viewer: Viewer;
    people: readonly { customerId: string; who: Person }[];
    mobile: (n: number) => string;
    /** The field for another number. */
    numberField: string;
    random: Random;
  },
): Promise<void> {
  const { viewer, people, mobile, numberField, random } = options;
  for (const [nth, { customerId, who }] of people.entries()) {
    const cid = mintCid(ctx.random);
    const family = familyOf(who);
    const heard =
      who.n % 2
        ? `${latin[who.given]} ${latin[family]}`
        : `${women.has(who.given) ? 'خانم' : 'آقای'} ${who.name}`;
    const both: CustomerChange = {
      city: who.city,
      ...(nth % 3 === 0 && { birthday: `19${between(random, 62, 99)}-05-1${between(random, 0, 9)}` }),
      ...(nth % 3 === 1 && { address: addressOf(who, random) }),
    };
    const known: CustomerChange =
      nth % 3 === 2 ? { ...both, fields: { [numberField]: mobile(who.n) } } : both;
    const [made, told] = [editor(ctx, viewer), editor(ctx, viewer)];
    await commit(ctx, (tx) => changeProfile(tx, { customerId, change: known, editor: told }));
    await commit(ctx, async (tx) => {
      await createCustomerWithin(tx, {
        cid,
        name: heard,
        change: both,
        editor: made,
      });
      await stateWithin(tx, {
        customerId: cid,
        identity: mustBeIdentity('mobile', mobile(who.n)),
        says: { proof: 'agent', source: { by: 'user', id: viewer.id }, reason: 'تلفنی گفت' },
      });
    });
  }
}
