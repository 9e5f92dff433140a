import type * as z from 'zod/mini';
import { AppError } from '../../../shared/errors.ts';
import { SetUp } from '../../../shared/user.ts';
import { check, type Issues, issuesFrom } from '../settings/check.ts';

/** What the first run asks, but for language, calendar and time zone: those take effect while they are chosen. */
export interface SetUpForm {
  code: string;
  organisation: string;
  name: string;
  email: string;
  password: string;
}

export const blankSetUp: SetUpForm = { code: '', organisation: '', name: '', email: '', password: '' };

export const steps = ['code', 'language', 'organisation', 'administrator'] as const;
export type Step = (typeof steps)[number];

/** Which step asks for a field. */
const stepOf: Record<string, Step> = {
  code: 'code',
  language: 'language',
  calendar: 'language',
  timeZone: 'language',
  organisation: 'organisation',
  name: 'administrator',
  email: 'administrator',
  password: 'administrator',
};

export type Locality = Pick<z.infer<typeof SetUp>, 'language' | 'calendar' | 'timeZone'>;

/** The whole form, or what is wrong and the first step that has to be seen again. */
export function readSetUp(form: SetUpForm, locality: Locality) {
  const { data, issues } = check(SetUp, { ...form, ...locality });
  // The server takes an empty code for a wrong one.
  const all: Issues = form.code.trim() === '' ? { ...issues, code: { kind: 'required' } } : (issues ?? {});
  if (data && Object.keys(all).length === 0) return { data, issues: null, step: null };
  return { data: null, issues: all, step: firstStep(all) };
}

/** Only what one step asks for. */
export function issuesOf(step: Step, issues: Issues | null): Issues | null {
  const own = Object.entries(issues ?? {}).filter(([path]) => stepOf[path] === step);
  return own.length > 0 ? Object.fromEntries(own) : null;
}

function firstStep(issues: Issues): Step | null {
  return steps.find((step) => issuesOf(step, issues)) ?? null;
}

/** What the server refused, beside the fields it is about; the rest of a failure has no step. */
export function refused(error: unknown): { issues: Issues; step: Step | null } {
  const issues: Issues =
    error instanceof AppError && error.reason === 'badSetupCode'
      ? { code: { kind: 'invalid' } }
      : issuesFrom(error, { email: { kind: 'taken' } });
  return { issues, step: firstStep(issues) };
}

const place = 'yekja.setUp';
/** What a reload may bring back. A password is kept nowhere. */
type Kept = Omit<SetUpForm, 'password'> & { step: Step };

/** In this tab: until it is closed, or the set-up is done. */
export function keepProgress(form: SetUpForm, step: Step): void {
  const { password: _, ...rest } = form;
  try {
    sessionStorage.setItem(place, JSON.stringify({ ...rest, step } satisfies Kept));
  } catch {
    // Without storage a reload begins anew.
  }
}

export function forgetProgress(): void {
  try {
    sessionStorage.removeItem(place);
  } catch {
    // There was nothing then.
  }
}

export function keptProgress(): { form: SetUpForm; step: Step } {
  try {
    return progressFrom(JSON.parse(sessionStorage.getItem(place) ?? 'null'));
  } catch {
    return progressFrom(null);
  }
}

/** Progress from anything at all: what is missing or foreign begins anew. */
export function progressFrom(value: unknown): { form: SetUpForm; step: Step } {
  const given: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const text = (key: keyof SetUpForm) => (typeof given[key] === 'string' ? given[key] : '');
  return {
    form: {
      code: text('code'),
      organisation: text('organisation'),
      name: text('name'),
      email: text('email'),
      password: '',
    },
    step: steps.find((step) => step === given['step']) ?? 'code',
  };
}
