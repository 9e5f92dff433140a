import type { ApiCustomer } from '../../shared/api.ts';
import type { Company } from '../../shared/company.ts';
import type { Field } from '../../shared/field.ts';
import { emptyProfile } from '../../shared/profile.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import type { Tag } from '../../shared/tag.ts';

/** What the document of the public API shows; nobody real. */
export const customer: ApiCustomer = {
  cid: '2813507469',
  name: 'Sara Example',
  members: ['2813507469'],
  version: 3,
  createdAt: '2026-03-21T08:00:00.000Z',
  profile: { ...emptyProfile, language: 'fa', city: 'Tehran' },
  identities: [
    {
      id: 'mobile:+989121234567',
      kind: 'mobile',
      value: '+989121234567',
      display: '+989121234567',
      proof: 'api',
      verified: false,
      provenAt: '2026-03-21T08:00:00.000Z',
      lastSeenAt: null,
      source: { by: 'apiKey', id: '0123456789ab' },
      unreachable: false,
      blocked: false,
    },
  ],
};

export const customerCreate = {
  name: 'Sara Example',
  identities: [
    { kind: 'mobile', value: '0912 123 4567' },
    { kind: 'customerNumber', value: 'C-1001' },
  ],
  profile: { language: 'fa', city: 'Tehran' },
};

export const customerUpdate = { city: 'Shiraz', birthday: '1991-03-21' };

export const recordPut = {
  at: '2026-03-21T10:30:00+03:30',
  title: 'Order 1042',
  amount: 12_500_000,
  currency: 'IRR',
  items: [{ name: 'Kettle', code: 'K-7', quantity: 1, amount: 12_500_000 }],
  status: 'done',
};

export const record: CustomerRecord = {
  id: 'own:purchase:ORD-1042',
  kind: 'purchase',
  customerId: '2813507469',
  externalId: 'ORD-1042',
  at: '2026-03-21T07:00:00.000Z',
  title: 'Order 1042',
  amount: 12_500_000,
  currency: 'IRR',
  items: [{ name: 'Kettle', code: 'K-7', quantity: 1, amount: 12_500_000 }],
  status: 'done',
  statusText: '',
  note: '',
  referralCode: '',
  source: { by: 'api', id: '0123456789ab' },
  version: 1,
  createdAt: '2026-03-21T08:00:00.000Z',
  updatedAt: '2026-03-21T08:00:00.000Z',
};

export const tag: Tag = {
  id: '0b7a1c52-5d0e-4a53-9f0e-6c1f6f2f9d11',
  name: 'Regular',
  colour: 'teal',
  archived: false,
};

export const company: Company = {
  id: '5e3c9d0a-7a54-4f0f-8a55-0d8f7d1f2c22',
  name: 'Example Trading',
  nationalId: '',
  domains: ['example.com'],
  note: '',
  archived: false,
  createdAt: '2026-03-21T08:00:00.000Z',
};

export const field: Field = {
  id: 'f0a1b2c3d',
  name: 'Shoe size',
  type: 'number',
  group: '',
  order: 0,
  hint: '',
  options: [],
  weight: 0,
  staleMonths: 0,
  archived: false,
};
