import { isVerified, reachedAs } from '../../shared/customer.ts';
import { birthdayProblem } from '../../shared/profile.ts';
import type {
  CompletenessField,
  QualityNote,
  QualityProblem,
  QualitySettings,
} from '../../shared/quality.ts';
import { readEmail } from '../../shared/text/email.ts';
import { readNationalCode } from '../../shared/text/national-code.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { ConsentDoc } from '../customers/consent.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { neverSeen } from '../customers/identity.ts';
import { callName } from '../duplicates/facts.keys.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { badDomain } from './domains.ts';
import { nameProblem } from './names.ts';
import type { IgnoredDoc } from './quality.model.ts';

/** What becomes stale when nobody confirms it, beside custom fields that say so. */
export const staleFields = ['address', 'city', 'job'] as const;
export type StaleField = (typeof staleFields)[number];

export interface QualitySources {
  customer: Pick<CustomerDoc, 'name' | 'nameSource' | 'profile' | 'createdAt'>;
  identities: readonly Pick<
    IdentityDoc,
    '_id' | 'kind' | 'value' | 'address' | 'proof' | 'provenAt' | 'lastSeenAt' | 'unreachable' | 'blocked'
  >[];
  consents: readonly Pick<ConsentDoc, 'kind'>[];
  fields: ReadonlyMap<string, Pick<FieldDoc, '_id' | 'weight' | 'staleMonths' | 'archived'>>;
  /** When each was last written, by its name in the journal: a `StaleField`, or `fields.<id>`. */
  confirmed: Readonly<Record<string, Date>>;
  ignored: readonly Pick<IgnoredDoc, 'problem' | 'field' | 'values' | 'at'>[];
  settings: QualitySettings;
  now: Date;
}

export interface QualityFacts {
  completeness: { score: number; missing: string[] };
  problems: QualityProblem[];
  notes: QualityNote[];
  staleAt: Date;
}

/** How complete a record is, and what is wrong with it. Pure. */
export function qualityFacts(sources: QualitySources): QualityFacts {
  const stale = [...staleProfile(sources), ...staleCustom(sources), ...silentMobiles(sources)];
  const now = sources.now.getTime();
  const notes = [
    ...ofName(sources),
    ...ofBirthday(sources),
    ...sources.identities.flatMap(ofIdentity),
    ...ofReach(sources),
    ...stale.filter((one) => one.at.getTime() <= now).map((one) => one.note),
  ].filter((note, _, all) => !isIgnored(sources.ignored, note, all));
  const coming = stale.map((one) => one.at.getTime()).filter((at) => at > now);
  return {
    completeness: completenessOf(sources),
    problems: [...new Set(notes.map((note) => note.problem))].sort(),
    notes: notes.slice(0, 20),
    staleAt: new Date(coming.length ? Math.min(...coming) : 0),
  };
}

function completenessOf(sources: QualitySources): { score: number; missing: string[] } {
  const { profile } = sources.customer;
  const kinds = new Set(sources.identities.map((identity) => identity.kind));
  const has: Record<CompletenessField, boolean> = {
    name: callName(sources.customer, sources.identities) !== '' && !nameProblem(sources.customer.name),
    mobile: kinds.has('mobile'),
    emailAddress: kinds.has('emailAddress'),
    nationalCode: kinds.has('nationalCode'),
    birthday: Boolean(profile?.birthday),
    city: Boolean(profile?.city),
    address: Boolean(profile?.address),
    job: Boolean(profile?.job),
    language: Boolean(profile?.language),
    consent: sources.consents.length > 0,
  };
  const parts = [
    ...Object.entries(sources.settings.weights).map(([field, weight]) => ({
      field,
      weight,
      has: has[field as CompletenessField],
    })),
    ...[...sources.fields.values()]
      .filter((field) => !field.archived)
      .map(({ _id, weight }) => ({ field: _id, weight, has: profile?.fields[_id] !== undefined })),
  ].filter((part) => part.weight > 0);
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  const got = parts.reduce((sum, part) => sum + (part.has ? part.weight : 0), 0);
  return {
    score: total === 0 ? 100 : Math.round((100 * got) / total),
    missing: parts
      .filter((part) => !part.has)
      .sort((a, b) => b.weight - a.weight)
      .map((part) => part.field),
  };
}

const note = (
  problem: QualityProblem,
  about: { field: string; value: string; suggestion?: string | null; since?: Date },
): QualityNote => ({
  problem,
  field: about.field,
  value: about.value.slice(0, 200),
  suggestion: about.suggestion ?? null,
  since: about.since?.toISOString() ?? null,
});

function ofName({ customer, identities }: QualitySources): QualityNote[] {
  const about = { field: 'name', value: customer.name };
  const wrong = nameProblem(customer.name);
  if (wrong === 'namePlaceholder') return [note(wrong, about)];
  if (callName(customer, identities) === '' && (!wrong || /\d/.test(customer.name)))
    return [note('nameIsAddress', about)];
  return wrong ? [note(wrong, about)] : [];
}

function ofBirthday({ customer, now }: QualitySources): QualityNote[] {
  const day = customer.profile?.birthday;
  if (!day || !birthdayProblem(day, now)) return [];
  return [note('badBirthday', { field: 'profile:birthday', value: day })];
}

function ofIdentity(identity: QualitySources['identities'][number]): QualityNote[] {
  const value = identity.address ?? identity.value;
  const about = { field: identity._id, value };
  const found = identity.unreachable ? [note('unreachable', about)] : [];
  const kind = reachedAs(identity.kind);
  // Who wrote from there, or stands by it, has shown that it is theirs; what visitors leave and others state has not.
  if (isVerified(identity) && (kind !== 'emailAddress' || works(identity))) return found;
  if (kind === 'nationalCode') {
    const read = readNationalCode(value);
    if (!read.ok) found.push(note('badNationalCode', { ...about, suggestion: read.suggestion }));
  }
  if (kind === 'mobile') {
    const phone = parsePhone(value);
    if (!phone) found.push(note('badMobile', about));
    else if (!phone.mobile) found.push(note('landlineAsMobile', about));
  }
  if (kind === 'emailAddress') {
    const read = readEmail(value);
    const [local = '', domain = ''] = read.ok ? read.value.split('@') : [];
    const bad = read.ok ? badDomain(domain) : null;
    if (!read.ok) found.push(note('badEmail', { ...about, suggestion: read.suggestion }));
    if (bad)
      found.push(
        note('badEmailDomain', { ...about, suggestion: bad.meant ? `${local}@${bad.meant}` : null }),
      );
  }
  return found;
}

/** It wrote, or said a code that went there. Whoever else stands by it says whose it is, not that mail arrives. */
const works = ({ proof, lastSeenAt }: QualitySources['identities'][number]) =>
  proof === 'transport' || proof === 'code' || lastSeenAt > neverSeen;

/** Kinds that a message can be begun to; a visitor of the web chat is there only while they are there. */
const cannotBegin = new Set([
  'webVisitor',
  'siteUser',
  'smsLine',
  'nationalCode',
  'customerNumber',
  'username',
]);

function ofReach({ identities }: QualitySources): QualityNote[] {
  const reachable = identities.some((one) => !one.unreachable && !one.blocked && !cannotBegin.has(one.kind));
  return reachable ? [] : [note('noWayToReach', { field: 'identities', value: '' })];
}

interface Stale {
  note: QualityNote;
  /** From when on it is stale. */
  at: Date;
}

const staleProblems: Record<StaleField, QualityProblem> = {
  address: 'staleAddress',
  city: 'staleCity',
  job: 'staleJob',
};

function staleProfile({ customer, confirmed, ignored, settings }: QualitySources): Stale[] {
  return staleFields.flatMap((field) => {
    const value = customer.profile?.[field];
    const months = settings.staleMonths[field];
    if (!value || !months) return [];
    const problem = staleProblems[field];
    const since = latest([confirmed[field] ?? customer.createdAt, ...confirmedBy(ignored, problem)]);
    return [
      { note: note(problem, { field: `profile:${field}`, value, since }), at: monthsAfter(since, months) },
    ];
  });
}

/** Whether a custom field is one that becomes stale. */
export const becomesStale = (field: Pick<FieldDoc, 'staleMonths' | 'archived'>): boolean =>
  field.staleMonths > 0 && !field.archived;

/** Ids of options that a note has room for. */
const mostOptions = 20;

function staleCustom({ customer, confirmed, ignored, fields }: QualitySources): Stale[] {
  return [...fields.values()].filter(becomesStale).flatMap(({ _id, staleMonths }) => {
    const value = customer.profile?.fields[_id];
    if (value === undefined) return [];
    const since = latest([
      confirmed[`fields.${_id}`] ?? customer.createdAt,
      ...confirmedBy(ignored, 'staleField', _id),
    ]);
    const text = Array.isArray(value) ? value.slice(0, mostOptions).join(',') : String(value);
    return [
      { note: note('staleField', { field: _id, value: text, since }), at: monthsAfter(since, staleMonths) },
    ];
  });
}

/** Numbers that were stated of somebody who never wrote from them. */
function silentMobiles({ identities, ignored, settings }: QualitySources): Stale[] {
  const months = settings.staleMonths.mobile;
  if (!months) return [];
  return identities
    .filter((one) => one.kind === 'mobile' && !isVerified(one) && one.lastSeenAt <= neverSeen)
    .map(({ _id, value, provenAt }) => {
      const since = latest([provenAt, ...confirmedBy(ignored, 'silentMobile')]);
      return { note: note('silentMobile', { field: _id, value, since }), at: monthsAfter(since, months) };
    });
}

/** Who says that what is stale is right has confirmed it. */
const confirmedBy = (ignored: QualitySources['ignored'], problem: QualityProblem, field?: string) =>
  ignored.filter((one) => one.problem === problem && one.field === field).map((one) => one.at);

const latest = (moments: readonly Date[]) => new Date(Math.max(...moments.map((at) => at.getTime())));

function monthsAfter(date: Date, months: number): Date {
  const after = new Date(date);
  after.setUTCMonth(after.getUTCMonth() + months);
  return after;
}

const staleOnes: ReadonlySet<string> = new Set([
  'staleAddress',
  'staleCity',
  'staleJob',
  'staleField',
  'silentMobile',
]);

/** Somebody said it is none, of the very values that stand there. */
function isIgnored(
  ignored: QualitySources['ignored'],
  { problem }: QualityNote,
  all: readonly QualityNote[],
): boolean {
  if (staleOnes.has(problem)) return false;
  const values = all.filter((note) => note.problem === problem).map((note) => note.value);
  return ignored.some(
    (one) => one.problem === problem && values.every((value) => one.values.includes(value)),
  );
}
