import * as z from 'zod/mini';
import { canonicalDomain } from './text/email.ts';
import { asciiDigits } from './text/normalise.ts';

/** An organisation that customers belong to. Archived: no longer offered, still shown with its people. */
export const Company = z.object({
  id: z.string(),
  name: z.string(),
  /** Iran's national identifier of legal persons (شناسهٔ ملی), eleven digits; '' when nobody said. */
  nationalId: z.string(),
  /** Domains of its mail, in ASCII, lower case. */
  domains: z.array(z.string()),
  note: z.string(),
  archived: z.boolean(),
  createdAt: z.string(),
});
export type Company = z.infer<typeof Company>;

export const CompanyPage = z.object({
  companies: z.array(z.extend(Company, { people: z.number() })),
  next: z.nullable(z.string()),
});
export type CompanyPage = z.infer<typeof CompanyPage>;

/**
 * Weighs the first ten digits, each raised by the tenth and two, by 29, 27, 23, 19, 17 and again; the remainder by 11 is the eleventh
 * digit, 10 counting as 0.
 */
export function isCompanyId(text: string): boolean {
  if (!/^\d{11}$/.test(text) || /^(\d)\1{10}$/.test(text)) return false;
  const digits = [...text].map(Number);
  const raise = (digits[9] ?? 0) + 2;
  const weights = [29, 27, 23, 19, 17, 29, 27, 23, 19, 17];
  const sum = weights.reduce((total, weight, index) => total + weight * (raise + (digits[index] ?? 0)), 0);
  return (sum % 11) % 10 === digits[10];
}

const nationalId = z.pipe(
  z.string().check(z.maxLength(40)),
  z.transform((text, ctx) => {
    const digits = asciiDigits(text).replace(/[\s-]/g, '');
    if (digits === '' || isCompanyId(digits)) return digits;
    ctx.issues.push({
      code: 'custom',
      input: text,
      message: /^\d{11}$/.test(digits)
        ? 'These eleven digits are no national identifier: the last one does not fit the others'
        : 'A national identifier of a company has eleven digits',
    });
    return z.NEVER;
  }),
);
const domain = z.pipe(
  z.string().check(z.trim(), z.maxLength(253)),
  z.transform((text, ctx) => {
    const domain = canonicalDomain(text.replace(/^@/, ''));
    if (domain) return domain;
    ctx.issues.push({ code: 'custom', input: text, message: 'Must be a domain, for example example.com' });
    return z.NEVER;
  }),
);
const shape = {
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
  nationalId,
  domains: z.array(domain).check(z.maxLength(20)),
  note: z.string().check(z.trim(), z.maxLength(2_000)),
};
export const CompanyCreate = z.object({
  name: shape.name,
  nationalId: z._default(shape.nationalId, ''),
  domains: z._default(shape.domains, []),
  note: z._default(shape.note, ''),
});
export type CompanyCreate = z.infer<typeof CompanyCreate>;
export const CompanyUpdate = z.partial(z.object({ ...shape, archived: z.boolean() }));
export type CompanyUpdate = z.infer<typeof CompanyUpdate>;
